import { roleRules } from '#lib/kernel/model/access/role-rules.ts'

/** A verb and a resource, as in RBAC. `resource` may include a subresource: `pods/exec`. */
export type RequestedRight = { verb: string; group: string; resource: string }

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

/** Resources of the space roles, with their API group. */
const known = new Map<string, string>()
for (const { apiGroups, resources } of roleRules.admin)
  for (const group of apiGroups) for (const resource of resources) if (!known.has(resource)) known.set(resource, group)

/** @returns a resource in display form: `pods/exec`, `deployments.apps`, `deployments/scale.apps` */
export const resourceName = (group: string, resource: string): string => (group ? `${resource}.${group}` : resource)

export const commonResources: readonly string[] = [...known]
  .map(([resource, group]) => resourceName(group, resource))
  .concat('serviceaccounts/token')
  .sort()

const plural = '[a-z][a-z0-9-]*'
const group = '[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?'
/** `deployments.apps/scale`, and the display form `deployments/scale.apps`. */
const grammars = [
  new RegExp(`^(?<resource>${plural})(?:\\.(?<group>${group}))?(?:/(?<sub>${plural}))?$`),
  new RegExp(`^(?<resource>${plural})/(?<sub>${plural})\\.(?<group>${group})$`),
]

/**
 * @param text a resource as typed: its plural, `.group`, `/subresource`. Without a group: the group from the space
 *   roles, else the core group
 * @returns null for anything else
 */
export function parseResource(text: string): Omit<RequestedRight, 'verb'> | null {
  const found = grammars.map((grammar) => grammar.exec(text)?.groups).find((groups) => groups !== undefined)
  if (!found?.resource) return null
  const resource = found.sub ? `${found.resource}/${found.sub}` : found.resource
  return { resource, group: found.group ?? known.get(resource) ?? known.get(found.resource) ?? '' }
}
