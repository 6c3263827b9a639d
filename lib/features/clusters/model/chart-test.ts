/**
 * The objects of the chart's `helm test` while it runs (deploy/chart/templates/test.yaml). Accept exactly what the
 * chart writes: anyone may copy its name and labels.
 */
import { systemNamespace } from '#lib/kernel/model/spaces/cluster-names.ts'
import type { FoundBinding, FoundRole } from './rights-findings.ts'

const testName = 'spaceport-test'
/** A test compares these with the chart's. */
export const testRule = { apiGroups: ['spaceport.dev'], resources: ['spaces'], verbs: ['create', 'get', 'delete'] }

const isWithin = (some: readonly string[], all: readonly string[]): boolean => some.every((one) => all.includes(one))

/** @param mapped namespaces with Space objects that Spaceport follows: the chart writes to no others */
export const isChartTestRole = (
  { kind, name, namespace, rules, aggregated }: FoundRole,
  mapped: ReadonlySet<string>,
): boolean =>
  kind === 'Role' &&
  name === testName &&
  namespace !== undefined &&
  mapped.has(namespace) &&
  !aggregated &&
  rules.every(
    ({ apiGroups, resources, verbs, nonResourceURLs }) =>
      isWithin(apiGroups, testRule.apiGroups) &&
      isWithin(resources, testRule.resources) &&
      isWithin(verbs, testRule.verbs) &&
      (nonResourceURLs ?? []).length === 0,
  )

/** @param roles the Roles that were read: a binding to any other Role may grant anything */
export const isChartTestBinding = (
  { kind, name, namespace, roleRef, subjects }: FoundBinding,
  roles: readonly FoundRole[],
  mapped: ReadonlySet<string>,
): boolean =>
  kind === 'RoleBinding' &&
  name === testName &&
  roleRef.kind === 'Role' &&
  roleRef.name === testName &&
  roles.some((role) => role.namespace === namespace && isChartTestRole(role, mapped)) &&
  subjects.every(
    (subject) =>
      subject.kind === 'ServiceAccount' && subject.name === testName && subject.namespace === systemNamespace,
  )
