/**
 * Finds the objects that declare spaces and that a person may read. Must never include one of a space without a current
 * role, one with the same name and another UID, nor anything in a space's own namespace.
 */

import type { Access } from '#lib/gateway/credential/access.ts'
import type { DeclaringObject } from '#lib/gateway/db/select-space-objects.ts'
import type { Decision } from '#lib/gateway/decision/decision.ts'
import type { GitIdentity } from '#lib/kernel/model/spaces/space-object.ts'

export type SpaceObjectReader = {
  identities: readonly GitIdentity[]
  declaring: (spaceIds: readonly string[], userId: string) => Promise<DeclaringObject[]>
  spaceless: (cluster: string, namespaces: readonly string[]) => Promise<string[]>
}

/** `namespaces`: all objects there belong to the person. */
export type ReadableObjects = { objects: readonly DeclaringObject[]; namespaces: ReadonlySet<string> }

/** @throws Error when Postgres doesn't answer */
export async function findReadableObjects(
  { spaceObjects }: { spaceObjects: SpaceObjectReader },
  { person }: Access,
  cluster: string,
  { spaceIds, mapped }: Extract<Decision, { as: 'itself' }>,
): Promise<ReadableObjects> {
  const given = spaceObjects.identities
    .filter((identity) => mapped && identity.cluster === cluster && identity.handle === person.handle)
    .map(({ namespace }) => namespace)
  const [objects, namespaces] = await Promise.all([
    spaceIds.length > 0 ? spaceObjects.declaring(spaceIds, person.id) : [],
    given.length > 0 ? spaceObjects.spaceless(cluster, given) : [],
  ])
  return { objects, namespaces: new Set(namespaces) }
}

/** One object, or '' for all of a namespace. */
export type Place = { namespace: string; name: string }

const objectName = /^[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?$/

/** @returns the places of the requested objects; null: the person may read none of them */
export function placesOf({ objects, namespaces }: ReadableObjects, { namespace, name }: Place): Place[] | null {
  if (name !== '' && !objectName.test(name)) return null
  if (namespace === '') {
    // At cluster scope there are only lists.
    if (name !== '') return null
    const all = new Set([...namespaces, ...objects.map((object) => object.namespace)])
    return [...all].sort().map((one) => ({ namespace: one, name: '' }))
  }
  const isTheirs =
    namespaces.has(namespace) ||
    objects.some((object) => object.namespace === namespace && (name === '' || object.name === name))
  return isTheirs ? [{ namespace, name }] : null
}

/** @returns null: the person may read nothing */
export function reachOf(
  { objects, namespaces }: ReadableObjects,
  { namespace, name, uid }: Place & { uid: string },
): 'all' | 'some' | null {
  if (namespaces.has(namespace)) return 'all'
  const found = objects.find((object) => object.namespace === namespace && object.name === name && object.uid === uid)
  if (!found) return null
  return found.isOwner ? 'all' : 'some'
}

/** The same for another person's object and a missing one. */
export const noSpaceObject = (portalUrl: string): string =>
  `you have no space declared here under this name; see ${portalUrl}`
