import { z } from 'zod'
import { isGroupName } from '#lib/kernel/model/people/group-name.ts'

/** `issuer` has no trailing slash. */
export const policyGroup = z.strictObject({
  issuer: z.string().max(2_000),
  group: z.string().refine(isGroupName, 'Enter the name of a group, as the identity provider sends it.'),
})
export type PolicyGroup = z.infer<typeof policyGroup>
