import { z } from 'zod'
import type { OfficeAct } from './office-act.ts'
import { roles } from './role.ts'

const to = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('user'), name: z.string(), handle: z.string() }),
  z.object({ kind: z.literal('group'), name: z.string() }),
])
const common = { by: z.object({ handle: z.string(), name: z.string() }), reason: z.string(), to }
const role = z.enum(roles)
const endsAt = z.string().nullable()

const act = z.discriminatedUnion('kind', [
  z.object({ ...common, kind: z.literal('grant'), role, endsAt, before: role.nullable() }),
  z.object({ ...common, kind: z.literal('offer') }),
  z.object({ ...common, kind: z.literal('request'), role, endsAt }),
])

/** @returns a stored act, typed; @throws ZodError when it is not what we wrote */
export const parseOfficeAct = (stored: unknown): OfficeAct => act.parse(stored)
