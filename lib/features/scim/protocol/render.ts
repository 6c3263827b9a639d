import type { Data } from './attribute.ts'
import { own } from './attribute.ts'
import { coreGroup, coreUser, listResponse } from './urns.ts'
import { enterprise } from './user-schema.ts'

/** A resource in a response. */
export type Resource = Readonly<Record<string, unknown>> & { schemas: readonly string[]; id: string }

type Stored = { id: string; version: string; createdAt: Date; modifiedAt: Date; externalId: string | null }

export type StoredUser = Stored & {
  userName: string
  displayName: string | null
  active: boolean
  attributes: Data
  groups: readonly { id: string; displayName: string }[]
}

export type StoredGroup = Stored & {
  displayName: string
  /** null: not requested */
  members: readonly { id: string }[] | null
}

/**
 * @returns a weak entity tag (RFC 7644, section 3.14), since the same version may be rendered with different attributes
 */
export const entityTag = (version: string): string => `W/"${version}"`

/** @param base the address of the SCIM server */
const metaOf = (base: string, kind: 'User' | 'Group', { id, version, createdAt, modifiedAt }: Stored) => ({
  resourceType: kind,
  created: createdAt.toISOString(),
  lastModified: modifiedAt.toISOString(),
  location: `${base}/${kind}s/${id}`,
  version: entityTag(version),
})

type Rendered = Resource & { meta: ReturnType<typeof metaOf> }

export function renderUser(user: StoredUser, base: string): Rendered {
  const { id, externalId, userName, displayName, active, attributes, groups } = user
  return {
    schemas: [coreUser, ...(own(attributes, enterprise.name) === undefined ? [] : [enterprise.name])],
    id,
    ...(externalId !== null && { externalId }),
    userName,
    ...(displayName !== null && { displayName }),
    ...attributes,
    active,
    groups: groups.map((group) => ({
      value: group.id,
      $ref: `${base}/Groups/${group.id}`,
      display: group.displayName,
      type: 'direct',
    })),
    meta: metaOf(base, 'User', user),
  }
}

export function renderGroup(group: StoredGroup, base: string): Rendered {
  const { id, externalId, displayName, members } = group
  return {
    schemas: [coreGroup],
    id,
    ...(externalId !== null && { externalId }),
    displayName,
    ...(members !== null && {
      members: members.map((member) => ({
        value: member.id,
        $ref: `${base}/Users/${member.id}`,
        type: 'User',
      })),
    }),
    meta: metaOf(base, 'Group', group),
  }
}

/** @returns a page (RFC 7644, section 3.4.2) */
export const renderList = (
  resources: readonly unknown[],
  { total, startIndex }: { total: number; startIndex: number },
) => ({
  schemas: [listResponse],
  totalResults: total,
  startIndex,
  itemsPerPage: resources.length,
  Resources: resources,
})
