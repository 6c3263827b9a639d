/**
 * Checks whether RBAC objects that look like Spaceport's are Spaceport's. A label proves nothing: anyone who may write
 * a binding may set it.
 */

import { roles as roleNames } from '#lib/kernel/model/access/role.ts'
import { usersNamespace } from '#lib/kernel/model/spaces/cluster-names.ts'
import { isChartTestBinding, isChartTestRole } from './chart-test.ts'
import { type FoundBinding, type FoundRole, type FoundRule, isHarmlessRule } from './rights-findings.ts'

/** What this version installs: the roles and bindings of deploy/cluster-chart/templates. */
export type ShippedRights = { roles: readonly FoundRole[]; bindings: readonly FoundBinding[] }

const maxNamed = 3
/** Of one rule. This is more than this version ships in total, so such a rule grants more. */
const maxRights = 10_000
const spaceRoles: ReadonlySet<string> = new Set(roleNames.map((role) => `spaceport:${role}`))

/** @returns whether it is what Spaceport writes for members of a space, provided that its namespace is that space */
export const isMembersBinding = ({ kind, name, roleRef, subjects, ours }: FoundBinding): boolean =>
  ours === 'managed-by' &&
  kind === 'RoleBinding' &&
  name === roleRef.name &&
  roleRef.kind === 'ClusterRole' &&
  spaceRoles.has(roleRef.name) &&
  subjects.every((subject) => subject.kind === 'ServiceAccount' && subject.namespace === usersNamespace)

/** @returns whether it is a binding of this version without other subjects */
export const isShippedBinding = (binding: FoundBinding, { bindings }: ShippedRights): boolean =>
  bindings.some(
    ({ kind, name, namespace, roleRef, subjects }) =>
      kind === binding.kind &&
      name === binding.name &&
      namespace === binding.namespace &&
      roleRef.kind === binding.roleRef.kind &&
      roleRef.name === binding.roleRef.name &&
      binding.subjects.every((subject) => subjects.some((one) => spokenSubject(one) === spokenSubject(subject))),
  )

/** Beyond this many, they are only counted. */
const maxStrays = 20

/** Other objects that may carry Spaceport's labels: the chart's test (chart-test.ts). */
export type ExcusedRights = {
  /** Roles that may be Spaceport's, of those that were read. */
  roles: readonly FoundRole[]
  /** Namespaces with Space objects that Spaceport follows. */
  mapped: ReadonlySet<string>
}

/**
 * @param bindings not recognised by isMembersBinding or isShippedBinding
 * @param strays members' bindings in a namespace that is not the space in their label
 * @returns a sentence for each binding that looks like Spaceport's, or grants what only Spaceport's identities have
 */
export function findFalseBindings(
  bindings: readonly FoundBinding[],
  strays: readonly FoundBinding[],
  shipped: ShippedRights,
  { roles, mapped }: ExcusedRights,
): Map<FoundBinding, string> {
  const found = new Map<FoundBinding, string>()
  for (const binding of bindings) {
    if (isChartTestBinding(binding, roles, mapped)) continue
    if (binding.ours && !isWiderReading(binding, shipped))
      found.set(binding, `${describeBinding(binding)}. It is labelled as Spaceport’s, but Spaceport didn’t make it.`)
    else if (isInternal(binding, shipped))
      found.set(binding, `${describeBinding(binding)}, which only Spaceport’s own identities need.`)
    else if (binding.kind === 'ClusterRoleBinding' && spaceRoles.has(binding.roleRef.name))
      found.set(binding, `${describeBinding(binding)}, which Spaceport binds only inside of spaces.`)
  }
  for (const stray of strays.slice(0, maxStrays))
    found.set(stray, `${describeBinding(stray)}. It is labelled as Spaceport’s, but Spaceport didn’t make it.`)
  const [next] = strays.slice(maxStrays)
  if (next)
    found.set(
      next,
      `${strays.length - maxStrays} more namespaces have bindings labelled as Spaceport’s that Spaceport didn’t make.`,
    )
  return found
}

/**
 * @param spaceless namespaces that are not spaces
 * @returns these objects only: members of a space may set any label inside it
 */
export const withoutMembersLabels = <T extends Pick<FoundBinding, 'namespace' | 'ours'>>(
  found: readonly T[],
  spaceless: ReadonlySet<string>,
): T[] =>
  found.map((one) =>
    one.ours === 'part-of' && one.namespace !== undefined && !spaceless.has(one.namespace)
      ? { ...one, ours: undefined }
      : one,
  )

/** The operator may extend read access outside of spaces to more people or resources (45-cluster-readers.yaml). */
const readerRole = 'spaceport:cluster-reader'
const isWiderReading = ({ kind, name, roleRef }: FoundBinding, { bindings }: ShippedRights): boolean =>
  roleRef.kind === 'ClusterRole' &&
  roleRef.name === readerRole &&
  bindings.some((one) => one.kind === kind && one.name === name)

/**
 * Whether this version binds the role to Spaceport's own identities. The roles of spaces are for members and admins.
 */
function isInternal({ namespace, roleRef }: FoundBinding, { bindings }: ShippedRights): boolean {
  return bindings.some(
    (one) =>
      one.roleRef.kind === roleRef.kind &&
      one.roleRef.name === roleRef.name &&
      roleRef.name !== readerRole &&
      (roleRef.kind === 'ClusterRole' || one.namespace === namespace),
  )
}

/**
 * @param found all ClusterRoles, and the Roles that may be Spaceport's
 * @returns a sentence for each that only looks like Spaceport's, or grants more than this version ships. Granting less
 * is the operator's choice. rights-findings.ts compares the three roles of spaces
 */
export function findFalseRoles(
  found: readonly FoundRole[],
  shipped: ShippedRights,
  mapped: ExcusedRights['mapped'],
): string[] {
  return found.flatMap((role) => {
    const { name, namespace, kind = 'ClusterRole', rules, aggregated, ours } = role
    const said = `${kind} ${name}${namespace === undefined ? '' : ` in ${namespace}`}`
    const own = shipped.roles.find((one) => one.name === name && one.namespace === namespace && one.kind === kind)
    if (!own) {
      if (!ours && (kind === 'Role' || !name.startsWith('spaceport:'))) return []
      if (isChartTestRole(role, mapped)) return []
      return [`${said} looks like Spaceport’s, but this version ships no such role.`]
    }
    if (kind === 'ClusterRole' && spaceRoles.has(name)) return []
    if (aggregated) return [`${said} aggregates rules from other ClusterRoles, which Spaceport’s roles don’t.`]
    const allowed = name === readerRole ? rules.filter((rule) => !isHarmlessRule(rule)) : rules
    const more = rightsBeyond(allowed, own.rules)
    return more.length === 0 ? [] : [`${said} grants more than this version ships: ${few(more)}.`]
  })
}

/** @returns the rights in some rules that others don't have, a few words each */
function rightsBeyond(some: readonly FoundRule[], others: readonly FoundRule[]): string[] {
  const known = new Set(others.flatMap(rightsOf))
  const beyond = some.flatMap((rule) => {
    const urls = (rule.nonResourceURLs ?? []).map((url) => `${rule.verbs.join(', ')} ${url}`)
    const { verbs, apiGroups, resources, resourceNames } = rule
    const count = verbs.length * apiGroups.length * resources.length * Math.max(1, resourceNames.length)
    if (count > maxRights) return [...urls, `${count} rights`]
    return [...urls, ...rightsOf(rule).filter((right) => !known.has(right) && !known.has(withoutName(right)))]
  })
  return [...new Set(beyond)].map((right) => right.trim())
}

/** `get secrets`, `bind clusterroles.rbac.authorization.k8s.io spaceport:viewer` */
const rightsOf = ({ verbs, apiGroups, resources, resourceNames }: FoundRule): string[] =>
  verbs.flatMap((verb) =>
    apiGroups.flatMap((group) =>
      resources.flatMap((resource) =>
        (resourceNames.length > 0 ? resourceNames : ['']).map(
          (name) => `${verb} ${group === '' ? resource : `${resource}.${group}`} ${name}`,
        ),
      ),
    ),
  )
const withoutName = (right: string): string => `${right.split(' ', 2).join(' ')} `

function describeBinding({ kind, name, namespace, roleRef, subjects }: FoundBinding): string {
  const to = subjects.length === 0 ? 'nobody' : few(subjects.map(spokenSubject).sort())
  return `${kind} ${name}${namespace === undefined ? '' : ` in ${namespace}`} grants ${to} the ${roleRef.kind} ${roleRef.name}`
}

const spokenSubject = ({ kind, namespace, name }: FoundBinding['subjects'][number]): string =>
  `${kind} ${namespace === undefined ? name : `${namespace}/${name}`}`

const few = (all: readonly string[]): string =>
  all.length <= maxNamed ? all.join(', ') : `${all.slice(0, maxNamed).join(', ')} and ${all.length - maxNamed} more`
