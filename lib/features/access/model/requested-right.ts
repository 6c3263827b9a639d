import { roleRules } from '#lib/kernel/model/access/role-rules.ts'

/** A verb on a kind of resource, as RBAC has it. `resource` may end in a subresource: `pods/exec`. */
export type AskedRight = { verb: string; group: string; resource: string }

/** Suggestions: what most questions are about. */
export const commonVerbs = [
  'get',
  'list',
  'watch',
  'create',
  'update',
  'patch',
  'delete',
  'deletecollection',
  'impersonate',
  'escalate',
  'bind',
] as const

/** Resources of the roles in spaces, with their group. */
const known = new Map<string, string>()
for (const { apiGroups, resources } of roleRules.admin)
  for (const group of apiGroups) for (const resource of resources) if (!known.has(resource)) known.set(resource, group)

/** @returns a resource as people write it: `pods/exec`, `deployments.apps`, `deployments/scale.apps` */
export const resourceName = (group: string, resource: string): string => (group ? `${resource}.${group}` : resource)

export const commonResources: readonly string[] = [...known]
  .map(([resource, group]) => resourceName(group, resource))
  .concat('serviceaccounts/token')
  .sort()

const plural = '[a-z][a-z0-9-]*'
const group = '[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?'
/** `deployments.apps/scale`, and `deployments/scale.apps` as the portal itself writes it. */
const grammars = [
  new RegExp(`^(?<resource>${plural})(?:\\.(?<group>${group}))?(?:/(?<sub>${plural}))?$`),
  new RegExp(`^(?<resource>${plural})/(?<sub>${plural})\\.(?<group>${group})$`),
]

/**
 * @param text a resource as somebody types it: its plural, a group after a dot, a subresource after a slash. Without a
 *   group it is that of the roles in spaces, else the core group
 * @returns null for anything else
 */
export function parseResource(text: string): Omit<AskedRight, 'verb'> | null {
  const found = grammars.map((grammar) => grammar.exec(text)?.groups).find((groups) => groups !== undefined)
  if (!found?.resource) return null
  const resource = found.sub ? `${found.resource}/${found.sub}` : found.resource
  return { resource, group: found.group ?? known.get(resource) ?? known.get(found.resource) ?? '' }
}
