import { z } from 'zod'

const days = z.number().int().min(1).max(365).optional()
const name = (max: number) =>
  z
    .string()
    .trim()
    .max(max)
    .regex(/^[^\0]*$/)
    .optional()

/** What everybody's credentials can be selected by, to look at or to revoke. */
export const credentialQuery = z.strictObject({
  /** The handle of whose they are. */
  person: name(60),
  /** The name of the space that they are bound to, on any cluster. */
  space: name(63),
  /** Created at least so many days ago. */
  olderThan: days,
  /** Not used for so many days, nor created since. */
  unusedFor: days,
  /** Expiring within so many days. */
  endsWithin: days,
  /** The id of the credential that the page starts after. */
  after: z.uuid().optional(),
})
export type CredentialQuery = z.infer<typeof credentialQuery>

/** The query without its page. */
export type CredentialSelection = Omit<CredentialQuery, 'after'>
