import { createHash } from 'node:crypto'
import { bareIssuer } from '#lib/kernel/model/people/bare-issuer.ts'

const mark = 'pseudonymised:'

/** @returns whether a row has a hash in place of the subject, to hide the person's identity */
export const isPseudonym = (subject: string): boolean => subject.startsWith(mark)

/**
 * With a pseudonym, a person's row has the SHA-256 of the subject instead (rename_to_pseudonym in prisma/migrations),
 * so that a sign-in still finds the deactivated person.
 * @returns a subject in each form that rows may have
 */
export const subjectSpellings = (issuer: string, subject: string): string[] => [
  subject,
  `${mark}${createHash('sha256')
    .update(`${bareIssuer(issuer)}\n${subject}`)
    .digest('hex')}`,
]
