import { type Role, roles } from '#lib/kernel/model/access/role.ts'
import { roleRules } from '#lib/kernel/model/access/role-rules.ts'
import { clipped, oneLine } from '#lib/kernel/model/one-line.ts'
import {
  brokerUserName,
  gatewayUserName,
  healthUserName,
  personUserName,
  systemNamespace,
  usersNamespace,
} from '#lib/kernel/model/spaces/cluster-names.ts'

/**
 * The labels by which an object looks like Spaceport's. Spaceport sets `managed-by` on objects in spaces, and a fence
 * keeps others from setting it. `part-of` is on the objects of the charts; anyone may set it.
 */
export type OwnLabel = 'managed-by' | 'part-of'
export type FoundSubject = { kind: string; name: string; namespace?: string | undefined }
export type FoundBinding = {
  kind: 'RoleBinding' | 'ClusterRoleBinding'
  name: string
  namespace?: string | undefined
  roleRef: { kind: string; name: string }
  subjects: readonly FoundSubject[]
  /** As the API server returns it. */
  createdAt?: string | undefined
  /** The space in its label. */
  spaceId?: string | undefined
  ours?: OwnLabel | undefined
}
export type FoundRule = {
  apiGroups: readonly string[]
  resources: readonly string[]
  verbs: readonly string[]
  resourceNames: readonly string[]
  nonResourceURLs?: readonly string[] | undefined
}
/** `namespace` and `kind`: of a Role. */
export type FoundRole = {
  kind?: 'ClusterRole' | 'Role' | undefined
  name: string
  namespace?: string | undefined
  rules: readonly FoundRule[]
  aggregated: boolean
  ours?: OwnLabel | undefined
}

/** Longer names are cut: anyone who may bind roles chooses them. */
const maxNameLength = 300
/** More subjects than this deserve a look: each could undo what the fences enforce. */
export const maxOverriding = 10

/** Groups that include people. Anyone who can reach the cluster has those of unauthenticated users. */
const wideGroups = new Set([
  'system:authenticated',
  'system:unauthenticated',
  'system:serviceaccounts',
  `system:serviceaccounts:${usersNamespace}`,
])

/** The identity that proves the fences is among them, because the broker and the gateway may act as it. */
const meansPeople = ({ kind, name, namespace }: FoundSubject): boolean =>
  (kind === 'ServiceAccount' && namespace === usersNamespace) ||
  (kind === 'User' && name.startsWith(personUserName(''))) ||
  (kind === 'Group' && wideGroups.has(name))

/** The broker, whom it acts as to read the health of spaces, and the gateway. */
const processes = new Set([brokerUserName, healthUserName, gatewayUserName])
const meansProcesses = ({ kind, name, namespace }: FoundSubject): boolean =>
  (kind === 'ServiceAccount' && processes.has(`system:serviceaccount:${namespace}:${name}`)) ||
  (kind === 'User' && processes.has(name)) ||
  (kind === 'Group' && name === `system:serviceaccounts:${systemNamespace}`)
const meansSpaceport = (subject: FoundSubject): boolean => meansPeople(subject) || meansProcesses(subject)

/**
 * Finds rights that Spaceport's people or processes did not get from Spaceport, and subjects that should not bypass the
 * fences.
 * @param bindings RoleBindings of all namespaces and ClusterRoleBindings that Spaceport didn't create
 * @param clusterRoles all of them
 * @returns one sentence per finding, in a fixed order
 */
export function rightsFindings(bindings: readonly FoundBinding[], clusterRoles: readonly FoundRole[]): string[] {
  return [
    ...foreignBindings(bindings, clusterRoles),
    ...changedRoles(clusterRoles),
    ...overriding(bindings, clusterRoles),
  ].sort()
}

/**
 * An operator may grant people read access outside of spaces (storage classes, priority classes …), as
 * deploy/cluster-chart/templates/45-cluster-readers.yaml does. Kubernetes lets everyone ask about themselves.
 */
const isHarmless = ({ rules, aggregated }: FoundRole): boolean => !aggregated && rules.every(isHarmlessRule)

/** @returns whether a rule gives no right in a space: it reads outside of spaces, or asks about the caller */
export const isHarmlessRule = (rule: FoundRule): boolean => onlyReadsOutside(rule) || onlyAsksAboutOneself(rule)

/** Of the subresources, only `status` is certain to be read-only: `get` on `nodes/proxy` runs commands in every pod. */
const onlyReadsOutside = ({ verbs, resources, apiGroups }: FoundRule): boolean =>
  verbs.every((verb) => ['get', 'list', 'watch'].includes(verb)) &&
  !apiGroups.includes('*') &&
  resources.every(
    (resource) =>
      !inSpaces.has(resource) && !resource.includes('*') && (!resource.includes('/') || resource.endsWith('/status')),
  )
const reviewGroups = ['authorization.k8s.io', 'authentication.k8s.io']
const selfReviews = ['selfsubjectaccessreviews', 'selfsubjectrulesreviews', 'selfsubjectreviews']
const onlyAsksAboutOneself = ({ verbs, resources, apiGroups }: FoundRule): boolean =>
  verbs.every((verb) => verb === 'create') &&
  apiGroups.every((group) => reviewGroups.includes(group)) &&
  resources.every((resource) => selfReviews.includes(resource))
const inSpaces = new Set(roleRules.admin.flatMap(({ resources }) => resources))

const foreignBindings = (bindings: readonly FoundBinding[], clusterRoles: readonly FoundRole[]): string[] =>
  bindings.flatMap((binding) => {
    const ours = binding.subjects.filter(meansSpaceport).map(({ name }) => name)
    if (ours.length === 0 || isHarmlessBinding(binding, clusterRoles)) return []
    return [`${describeBinding(binding)} grants ${few(ours)} the ${binding.roleRef.kind} ${binding.roleRef.name}.`]
  })

/** @returns whether a binding gives Spaceport’s people more than harmless rights */
export const reachesPeople = (binding: FoundBinding, clusterRoles: readonly FoundRole[]): boolean =>
  binding.subjects.some(meansPeople) && !isHarmlessBinding(binding, clusterRoles)

function isHarmlessBinding({ roleRef }: FoundBinding, clusterRoles: readonly FoundRole[]): boolean {
  const role = clusterRoles.find(({ name }) => roleRef.kind === 'ClusterRole' && name === roleRef.name)
  return role !== undefined && isHarmless(role)
}

function changedRoles(clusterRoles: readonly FoundRole[]): string[] {
  return roles.flatMap((role) => {
    const found = clusterRoles.find(({ name }) => name === `spaceport:${role}`)
    if (!found) return [`ClusterRole spaceport:${role} is missing.`]
    return !found.aggregated && sameRules(role, found.rules)
      ? []
      : [`ClusterRole spaceport:${role} has different rules from the ones this version ships.`]
  })
}

function sameRules(role: Role, found: readonly FoundRule[]): boolean {
  const keysOf = (rules: readonly Omit<FoundRule, 'resourceNames'>[]) =>
    new Set(
      rules.flatMap(({ apiGroups, resources, verbs }) =>
        apiGroups.flatMap((group) =>
          resources.flatMap((resource) => verbs.map((verb) => JSON.stringify([group, resource, verb]))),
        ),
      ),
    )
  if (found.some(({ resourceNames }) => resourceNames.length > 0)) return false
  const [shipped, actual] = [keysOf(roleRules[role]), keysOf(found)]
  return shipped.size === actual.size && [...shipped].every((key) => actual.has(key))
}

/** The fences check the right without a namespace, so only a ClusterRoleBinding can grant it. */
function overridingSubjects(bindings: readonly FoundBinding[], clusterRoles: readonly FoundRole[]) {
  const passing = new Set(clusterRoles.filter(({ rules }) => rules.some(passesFences)).map(({ name }) => name))
  return bindings
    .filter(({ kind, roleRef }) => kind === 'ClusterRoleBinding' && passing.has(roleRef.name))
    .flatMap(({ name, subjects }) => subjects.map((subject) => ({ by: name, subject })))
}

/**
 * @returns who may bypass the fences through a binding, each once, in a fixed order: `User jane`, `ServiceAccount
 * argocd/sync`
 */
export const exemptIdentities = (bindings: readonly FoundBinding[], clusterRoles: readonly FoundRole[]): string[] => {
  const names = overridingSubjects(bindings, clusterRoles).map(({ subject: { kind, namespace, name } }) =>
    clipped(oneLine(`${kind} ${namespace === undefined ? name : `${namespace}/${name}`}`), maxNameLength),
  )
  return [...new Set(names)].sort()
}

function overriding(bindings: readonly FoundBinding[], clusterRoles: readonly FoundRole[]): string[] {
  const holders = overridingSubjects(bindings, clusterRoles).filter(
    ({ subject }) => !(subject.kind === 'Group' && subject.name === 'system:masters'),
  )
  const wide = holders
    .filter(({ subject }) => meansSpaceport(subject))
    .map(
      ({ by, subject }) =>
        `ClusterRoleBinding ${by} lets ${subject.kind} ${subject.name} bypass Spaceport’s admission policies.`,
    )
  const names = [...new Set(holders.map(({ subject: { kind, namespace, name } }) => [kind, namespace, name].join(' ')))]
  if (names.length <= maxOverriding) return wide
  return [
    ...wide,
    `${names.length} may bypass Spaceport’s admission policies. More than ${maxOverriding} is unusual: check them.`,
  ]
}

const has = (list: readonly string[], wanted: string) => list.includes(wanted) || list.includes('*')
const passesFences = ({ apiGroups, resources, verbs, resourceNames }: FoundRule): boolean =>
  resourceNames.length === 0 && has(apiGroups, 'spaceport.dev') && has(resources, 'fences') && has(verbs, 'override')

const describeBinding = ({ kind, namespace, name }: FoundBinding) =>
  namespace === undefined ? `${kind} ${name}` : `${kind} ${name} in ${namespace}`

function few(names: readonly string[]): string {
  const shown = [...names].sort().slice(0, 3)
  return shown.length < names.length ? `${shown.join(', ')} and ${names.length - shown.length} more` : shown.join(', ')
}
