/**
 * Which objects that declare spaces a person may read. Must never include one that declares a space in which they have
 * no role now, nor one of the same name and another UID, nor anything in a namespace that is a space's.
 */

import type { Access } from '#lib/gateway/credential/access.ts'
import type { DeclaringObject } from '#lib/gateway/db/select-space-objects.ts'
import type { Decision } from '#lib/gateway/decision/decision.ts'
import type { GitIdentity } from '#lib/kernel/model/spaces/space-object.ts'

export type SpaceObjectReader = {
  identities: readonly GitIdentity[]
  declaring: (spaceIds: readonly string[], userId: string) => Promise<DeclaringObject[]>
  /** @returns those of a cluster's namespaces that aren't a space's */
  spaceless: (cluster: string, namespaces: readonly string[]) => Promise<string[]>
}

/** `namespaces`: all objects there are the person's own. */
export type Readable = { objects: readonly DeclaringObject[]; namespaces: ReadonlySet<string> }

/** @throws Error when Postgres doesn't answer */
export async function findReadableObjects(
  { spaceObjects }: { spaceObjects: SpaceObjectReader },
  { person }: Access,
  cluster: string,
  { spaceIds, mapped }: Extract<Decision, { as: 'itself' }>,
): Promise<Readable> {
  const given = spaceObjects.identities
    .filter((identity) => mapped && identity.cluster === cluster && identity.handle === person.handle)
    .map(({ namespace }) => namespace)
  const [objects, namespaces] = await Promise.all([
    spaceIds.length > 0 ? spaceObjects.declaring(spaceIds, person.id) : [],
    given.length > 0 ? spaceObjects.spaceless(cluster, given) : [],
  ])
  return { objects, namespaces: new Set(namespaces) }
}

/** Where to look: one object, or '' for all of a namespace. */
export type Place = { namespace: string; name: string }

const objectName = /^[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?$/

/** @returns where the objects are that a request may be about; null: it is about none that the person may read */
export function placesOf({ objects, namespaces }: Readable, { namespace, name }: Place): Place[] | null {
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

/** @returns how much of an object the person may read; null: nothing */
export function reachOf(
  { objects, namespaces }: Readable,
  { namespace, name, uid }: Place & { uid: string },
): 'all' | 'some' | null {
  if (namespaces.has(namespace)) return 'all'
  const found = objects.find((object) => object.namespace === namespace && object.name === name && object.uid === uid)
  if (!found) return null
  return found.isOwner ? 'all' : 'some'
}

/** Why a read is refused: the same for an object of others and for none. */
export const noSpaceObject = (portalUrl: string): string =>
  `no space of yours is declared there under this name; see ${portalUrl}`
