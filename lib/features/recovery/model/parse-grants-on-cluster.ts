import { z } from 'zod'
import { roles } from '#lib/kernel/model/access/role.ts'
import { isGroupName } from '#lib/kernel/model/people/group-name.ts'
import type { ClusterGrant } from '#lib/kernel/model/spaces/grant-on-cluster.ts'

const handle = z
  .string()
  .max(63)
  .regex(/^[a-z][-a-z0-9]*$/)
const instant = z.iso.datetime().transform((text) => new Date(text))
const about = {
  id: z.uuid(),
  role: z.enum(roles),
  from: instant,
  until: instant.optional(),
  request: z.uuid().optional(),
  not: z.array(handle).max(1_000).default([]),
}
const group = z.string().refine(isGroupName)
const issuer = z.string().min(1).max(2_000)

/** A grant as renderGrants writes it. */
export const placedGrant = z
  .union([z.strictObject({ ...about, person: handle }), z.strictObject({ ...about, group, issuer })])
  .transform(
    ({ id, role, from, until, request, not, ...to }): ClusterGrant => ({
      ...{ id, role, startsAt: from, endsAt: until ?? null, requestId: request ?? null, withheldFrom: not },
      to: 'person' in to ? { handle: to.person } : to,
    }),
  )

/**
 * Parses what renderGrants wrote (grant-on-cluster.ts).
 * @param text the annotation's value, which a cluster admin may have written
 * @returns null if the grants aren't known: the annotation is missing or invalid, or there were too many
 */
export function parsePlacedGrants(text: string | undefined): ClusterGrant[] | null {
  try {
    return z.array(placedGrant).parse(JSON.parse(text ?? ''))
  } catch {
    return null
  }
}
