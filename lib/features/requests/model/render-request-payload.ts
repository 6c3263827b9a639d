import type { RequestPayload } from '#lib/kernel/model/requests/access-request.ts'
import type { Size } from '#lib/kernel/model/spaces/size.ts'

/** Builds request payloads. Equal input gives an equal payload, whichever path rendered it. */
type Of<K extends RequestPayload['kind']> = Extract<RequestPayload, { kind: K }>

/** @param declaredIn the namespace of the object that declares the space; omit it for requests from the portal */
export const renderSpacePayload = (
  space: { cluster: string; name: string; description: string; size: Size; endsAt: Date | null },
  declaredIn: string | undefined,
): Of<'space'> => ({
  kind: 'space',
  cluster: space.cluster,
  name: space.name,
  description: space.description,
  size: space.size,
  endsAt: space.endsAt?.toISOString() ?? null,
  ...(declaredIn !== undefined && { declaredIn }),
})

export const renderSizePayload = (space: { id: string; size: Size }, size: Size): Of<'size'> => ({
  kind: 'size',
  spaceId: space.id,
  from: space.size,
  size,
})

export const renderLifePayload = (space: { id: string; endsAt: Date | null }, endsAt: Date | null): Of<'life'> => ({
  kind: 'life',
  spaceId: space.id,
  from: space.endsAt?.toISOString() ?? null,
  endsAt: endsAt?.toISOString() ?? null,
})
