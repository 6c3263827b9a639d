import { z } from 'zod'
import { roles } from '#lib/kernel/model/access/role.ts'

const to = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('user'), name: z.string(), handle: z.string() }),
  z.object({ kind: z.literal('group'), name: z.string() }),
])
const common = { by: z.object({ handle: z.string(), name: z.string() }), reason: z.string(), to }
const role = z.enum(roles)
const endsAt = z.string().nullable()

/**
 * An act in a person’s space by a platform admin or a decider, as the owner sees it. Instants are ISO 8601, UTC;
 * `endsAt` null: no end.
 */
export const adminAct = z.discriminatedUnion('kind', [
  z.object({ ...common, kind: z.literal('grant'), role, endsAt, before: role.nullable() }),
  z.object({ ...common, kind: z.literal('removal'), role }),
  z.object({ ...common, kind: z.literal('offer') }),
  z.object({ ...common, kind: z.literal('request'), role, endsAt }),
])

export type AdminAct = z.infer<typeof adminAct>
export type AdminActTo = z.infer<typeof to>

export type AdminNotice = { id: string; at: Date; space: { name: string; cluster: string }; act: AdminAct }
