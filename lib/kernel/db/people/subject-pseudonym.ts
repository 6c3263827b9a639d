import { createHash } from 'node:crypto'
import { bareIssuer } from '#lib/kernel/model/people/bare-issuer.ts'

const mark = 'pseudonymised:'

/** @returns whether a person's row has a hash in place of the subject, because their identity must not be shown */
export const isPseudonym = (subject: string): boolean => subject.startsWith(mark)

/**
 * Once a person has a pseudonym, their row keeps the SHA-256 of the subject instead (rename_to_pseudonym in
 * prisma/migrations), so that a sign-in with that subject still finds the deactivated person.
 * @returns a subject in each form that rows may have
 */
export const subjectSpellings = (issuer: string, subject: string): string[] => [
  subject,
  `${mark}${createHash('sha256')
    .update(`${bareIssuer(issuer)}\n${subject}`)
    .digest('hex')}`,
]
