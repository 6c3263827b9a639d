import type { PlatformRole, Role, Standing } from '#lib/kernel/model/access/role.ts'
import type { Size } from './size.ts'

/** The objects on a cluster that declare spaces (deploy/cluster-chart/templates/05-space-crd.yaml). Their names are the spaces’. */
export const spaceObjectVersion = 'spaceport.dev/v1alpha1'
/** Keeps an object until what it declares was let go, or is gone. */
export const spaceFinalizer = 'spaceport.dev/space'

/** `person`: a handle; `group`: a group of the provider of the person as whom the object is followed. */
export type DeclaredMember = ({ person: string } | { group: string }) & { role: Role; endsAt: Date | null }

export type DeclaredSpace = {
  description: string
  size: Size
  endsAt: Date | null
  /** Null: members are managed in the portal. */
  members: DeclaredMember[] | null
  /** Why, for those who approve. */
  reason: string
  /** Whether the space goes when the object does. */
  deletes: boolean
}

/** @returns what tells members of one object apart */
export const memberKey = (member: { person: string } | { group: string }): string =>
  'person' in member ? `user:${member.person}` : `group:${member.group}`

/** @returns how an object is named to people */
export const objectName = ({ namespace, name }: { namespace: string; name: string }): string => `${namespace}/${name}`

/**
 * @returns whether somebody changes a space in Git and not in the portal: an object declares it, and they aren’t a platform
 *   admin who acts in somebody else’s
 */
export const isChangedInGit = (
  { declaredNamespace, standing }: { declaredNamespace: string | null; standing: Standing | null },
  platformRole: PlatformRole,
): boolean => declaredNamespace !== null && (platformRole !== 'admin' || standing === 'owner')

/** Who may declare what: a person as whom objects in a namespace of a cluster are followed. */
export type GitIdentity = { cluster: string; namespace: string; handle: string }

/** @returns the handle that the operator mapped; null: objects there do nothing */
export const identityAt = (identities: readonly GitIdentity[], cluster: string, namespace: string): string | null =>
  identities.find((identity) => identity.cluster === cluster && identity.namespace === namespace)?.handle ?? null
