import { z } from 'zod'
import { roles } from '#lib/kernel/model/access/role.ts'
import { sizes } from '#lib/kernel/model/spaces/size.ts'
import type { RequestPayload } from './access-request.ts'

const role = {
  kind: z.literal('role'),
  spaceId: z.string(),
  cluster: z.string(),
  space: z.string(),
  role: z.enum(roles),
}

const payload = z.union([
  z.strictObject({
    kind: z.literal('space'),
    cluster: z.string(),
    name: z.string(),
    description: z.string(),
    size: z.enum(sizes),
    endsAt: z.string().nullable(),
    declaredIn: z.string().exactOptional(),
  }),
  z.strictObject({ kind: z.literal('size'), spaceId: z.string(), from: z.enum(sizes), size: z.enum(sizes) }),
  z.strictObject({
    kind: z.literal('life'),
    spaceId: z.string(),
    from: z.iso.datetime().nullable(),
    endsAt: z.iso.datetime().nullable(),
  }),
  z.strictObject({ ...role, minutes: z.number().nullable(), startsAt: z.iso.datetime().nullable() }),
])

/** @returns a stored payload, typed; @throws ZodError when it was tampered with */
export const parsePayload = (stored: unknown): RequestPayload => payload.parse(stored)
