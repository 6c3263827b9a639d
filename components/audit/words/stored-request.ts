import { type Role, roles } from '#lib/kernel/model/access/role.ts'
import type { RequestPayload } from '#lib/kernel/model/requests/access-request.ts'
import { type Size, sizes } from '#lib/kernel/model/spaces/size.ts'
import { countIn, textIn } from './event-words.ts'

const among = <T extends string>(all: readonly T[], text: string | null): T | null =>
  all.find((one) => one === text) ?? null
const sizeIn = (stored: unknown, key: string): Size | null => among(sizes, textIn(stored, key))

/** @returns a timestamp; null if there is none; undefined for anything else */
function timeIn(stored: unknown, key: string): string | null | undefined {
  const text = textIn(stored, key)
  return text === null || !Number.isNaN(Date.parse(text)) ? text : undefined
}

/**
 * @param stored the request from a row's details: anything, if the row was forged
 * @returns the request; null if it is malformed
 */
export function readStoredRequest(stored: unknown): RequestPayload | null {
  const [spaceId, cluster] = [textIn(stored, 'spaceId') ?? '', textIn(stored, 'cluster') ?? '']
  const [size, from, endsAt] = [sizeIn(stored, 'size'), sizeIn(stored, 'from'), timeIn(stored, 'endsAt')]
  switch (textIn(stored, 'kind')) {
    case 'space': {
      const name = textIn(stored, 'name')
      if (name === null || size === null || endsAt === undefined) return null
      return { kind: 'space', cluster, name, description: '', size, endsAt }
    }
    case 'size':
      return size && from && { kind: 'size', spaceId, from, size }
    case 'life':
      return endsAt === undefined ? null : { kind: 'life', spaceId, from: null, endsAt }
    case 'role':
      return roleIn(stored, { spaceId, cluster, role: among(roles, textIn(stored, 'role')) })
    default:
      return null
  }
}

type StoredSpace = { spaceId: string; cluster: string; role: Role | null }

function roleIn(stored: unknown, { role, ...place }: StoredSpace): RequestPayload | null {
  const [space, startsAt] = [textIn(stored, 'space'), timeIn(stored, 'startsAt')]
  if (space === null || role === null || startsAt === undefined) return null
  return { kind: 'role', ...place, space, role, minutes: countIn(stored, 'minutes'), startsAt }
}
