import { isDeepStrictEqual } from 'node:util'

/**
 * What is wrong with something of a cluster that spaces rest on: one of our admission policies, an admission plugin
 * (`PodSecurity`) or the version (`Kubernetes`). `fault` is worded to follow that name.
 */
export type FenceFault = { policy: string; fault: string }

/** @returns in a line: our policies by name, since each has many sentences, and what else there is with what is wrong */
export function describeFaults(faults: readonly FenceFault[]): string {
  const isOurs = ({ policy }: FenceFault) => policy.startsWith('spaceport-')
  const policies = [...new Set(faults.filter(isOurs).map(({ policy }) => policy))].join(', ')
  const others = faults.filter((fault) => !isOurs(fault)).map(({ policy, fault }) => `${policy}: ${fault}`)
  return [...(policies ? [`not in force: ${policies}`] : []), ...others].join('; ')
}

/** What the API server fills in for omitted fields (k8s.io/api/admissionregistration/v1, defaults). */
const defaults: Readonly<Record<string, unknown>> = {
  failurePolicy: 'Fail',
  matchPolicy: 'Equivalent',
  namespaceSelector: {},
  objectSelector: {},
  scope: '*',
}

/**
 * @param shipped `spec` of a policy or of its binding, as deploy/cluster-chart/templates has it
 * @param found the same on the cluster
 * @returns whether the two are equivalent: nothing missing, and nothing added that could let something through
 */
export const sameFence = (shipped: unknown, found: unknown): boolean =>
  isDeepStrictEqual(withoutDefaults(shipped), withoutDefaults(found))

function withoutDefaults(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutDefaults)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key, field]) => !isDeepStrictEqual(field, defaults[key]))
      .map(([key, field]) => [key, withoutDefaults(field)]),
  )
}
