import { createHash } from 'node:crypto'
import { bareIssuer } from '#lib/kernel/model/people/bare-issuer.ts'

const mark = 'pseudonymised:'

/** @returns whether a person's row keeps a hash in the place of their subject: who they were is to be said nowhere */
export const isPseudonym = (subject: string): boolean => subject.startsWith(mark)

/**
 * Once a person has a pseudonym, their row keeps the SHA-256 of the subject in its place (rename_to_pseudonym of
 * prisma/migrations): whoever signs in as that subject is still the person who was shut out.
 * @returns a subject as rows may have it
 */
export const subjectSpellings = (issuer: string, subject: string): string[] => [
  subject,
  `${mark}${createHash('sha256')
    .update(`${bareIssuer(issuer)}\n${subject}`)
    .digest('hex')}`,
]
