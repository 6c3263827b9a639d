import { z } from 'zod'

const days = z.number().int().min(1).max(365).optional()
const name = (max: number) =>
  z
    .string()
    .trim()
    .max(max)
    .regex(/^[^\0]*$/)
    .optional()

/** The filters for all people's credentials, to list or to revoke them. */
export const credentialQuery = z.strictObject({
  person: name(60),
  /** The name of the space that they are limited to. */
  space: name(63),
  /** Created at least this many days ago. */
  olderThan: days,
  /** Neither used nor created in this many days. */
  unusedFor: days,
  /** Expiring within this many days. */
  endsWithin: days,
  /** The page starts after this credential. */
  after: z.uuid().optional(),
})
export type CredentialQuery = z.infer<typeof credentialQuery>

export type CredentialSelection = Omit<CredentialQuery, 'after'>
