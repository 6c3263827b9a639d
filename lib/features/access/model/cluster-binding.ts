import { type FoundBinding, type FoundRole, reachesPeople } from '#lib/features/clusters/model/rights-findings.ts'
import { hasDrifted } from '#lib/kernel/model/spaces/drift.ts'
import type { Manifest } from '#lib/kernel/model/spaces/manifest.ts'

/** The bindings on a cluster that give permissions in a namespace. */
export type SpaceRights = {
  /** The namespace's RoleBindings, each also as the whole object. */
  inNamespace: readonly (FoundBinding & { object: unknown })[]
  /** All ClusterRoleBindings. `shipped`: part of Kubernetes. */
  across: readonly (FoundBinding & { shipped: boolean })[]
  clusterRoles: readonly FoundRole[]
  more: boolean
}

/**
 * `made`: Spaceport's, unchanged; `changed`: Spaceport's, modified by someone else; `missing`: Spaceport's, deleted;
 * `foreign`: not Spaceport's.
 */
export type BindingState = 'made' | 'changed' | 'missing' | 'foreign'
export type ClusterBinding = FoundBinding & { state: BindingState }

const order: Readonly<Record<BindingState, number>> = { foreign: 0, changed: 1, missing: 2, made: 3 }

/**
 * @param desired the RoleBindings that Spaceport maintains in the namespace
 * @returns the bindings that give people permissions in a space, foreign ones first: RoleBindings of its namespace, and
 *   ClusterRoleBindings with subjects that may be Spaceport users. Labels don't make a binding Spaceport's
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
