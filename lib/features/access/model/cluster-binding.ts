import { type FoundBinding, type FoundRole, reachesPeople } from '#lib/features/clusters/model/rights-findings.ts'
import { hasDrifted } from '#lib/kernel/model/spaces/drift.ts'
import type { Manifest } from '#lib/kernel/model/spaces/manifest.ts'

/** What gives rights in a namespace, as it is on the cluster. */
export type SpaceRights = {
  /** The namespace’s RoleBindings, each also as the whole object. */
  inNamespace: readonly (FoundBinding & { object: unknown })[]
  /** All ClusterRoleBindings; `shipped`: Kubernetes itself made it. */
  across: readonly (FoundBinding & { shipped: boolean })[]
  clusterRoles: readonly FoundRole[]
  /** Whether there are more than were read. */
  more: boolean
}

/**
 * `made`: by Spaceport, as it is; `changed`: by Spaceport, and somebody changed it; `missing`: Spaceport’s, and not
 * there; `foreign`: not Spaceport’s.
 */
export type BindingState = 'made' | 'changed' | 'missing' | 'foreign'
export type ClusterBinding = FoundBinding & { state: BindingState }

const order: Readonly<Record<BindingState, number>> = { foreign: 0, changed: 1, missing: 2, made: 3 }

/**
 * @param desired the RoleBindings that Spaceport wants in the namespace
 * @returns the bindings that give people rights in a space, those that Spaceport did not make first: its namespace’s
 *   RoleBindings, and ClusterRoleBindings that reach Spaceport’s people. A label makes none of them Spaceport’s
 */
export function bindingsOfSpace(rights: SpaceRights, desired: readonly Manifest[]): ClusterBinding[] {
  const wanted = new Map(desired.map((manifest) => [manifest.metadata.name, manifest]))
  const inNamespace = rights.inNamespace.map(({ object, ...binding }): ClusterBinding => {
    const manifest = wanted.get(binding.name)
    return { ...binding, state: !manifest ? 'foreign' : hasDrifted(manifest, object) ? 'changed' : 'made' }
  })
  const missing = desired
    .filter(({ metadata }) => !rights.inNamespace.some(({ name }) => name === metadata.name))
    .map(({ metadata: { name, namespace } }): ClusterBinding => {
      return {
        kind: 'RoleBinding',
        name,
        namespace,
        roleRef: { kind: 'ClusterRole', name },
        subjects: [],
        state: 'missing',
      }
    })
  const across = rights.across
    .filter((binding) => reachesPeople(binding, rights.clusterRoles))
    .map(({ shipped: _, ...binding }): ClusterBinding => ({ ...binding, state: 'foreign' }))
  return [...inNamespace, ...missing, ...across].sort((a, b) => order[a.state] - order[b.state])
}
