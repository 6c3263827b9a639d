import type { PlatformRole, Role, Standing } from '#lib/kernel/model/access/role.ts'
import type { Size } from './size.ts'

/**
 * The objects on a cluster that declare spaces, by the space's name (deploy/cluster-chart/templates/05-space-crd.yaml).
 */
export const spaceObjectVersion = 'spaceport.dev/v1alpha1'
/** Keeps an object until the declared space is released or gone. */
export const spaceFinalizer = 'spaceport.dev/space'

/** `person`: a handle; `group`: a group at the provider of the person that the namespace is mapped to. */
export type DeclaredMember = ({ person: string } | { group: string }) & { role: Role; endsAt: Date | null }

export type DeclaredSpace = {
  description: string
  size: Size
  endsAt: Date | null
  /** Null: members are managed in the portal. */
  members: DeclaredMember[] | null
  reason: string
  deletes: boolean
}

/** @returns a key that identifies a member of an object */
export const memberKey = (member: { person: string } | { group: string }): string =>
  'person' in member ? `user:${member.person}` : `group:${member.group}`

export const objectName = ({ namespace, name }: { namespace: string; name: string }): string => `${namespace}/${name}`

/**
 * @returns whether a person must change a space in Git: an object declares it, and they aren’t a platform admin acting
 * in another person's space
 */
export const isChangedInGit = (
  { declaredNamespace, standing }: { declaredNamespace: string | null; standing: Standing | null },
  platformRole: PlatformRole,
): boolean => declaredNamespace !== null && (platformRole !== 'admin' || standing === 'owner')

/** Maps a namespace of a cluster to the person who owns the spaces declared there. */
export type GitIdentity = { cluster: string; namespace: string; handle: string }

/** @returns the handle that the operator mapped; null: objects there have no effect */
export const identityAt = (identities: readonly GitIdentity[], cluster: string, namespace: string): string | null =>
  identities.find((identity) => identity.cluster === cluster && identity.namespace === namespace)?.handle ?? null
