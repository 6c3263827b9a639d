import { isDeepStrictEqual } from 'node:util'

/**
 * A fault of something that spaces depend on: one of our admission policies, an admission plugin (`PodSecurity`) or the
 * version (`Kubernetes`). `fault` reads as a continuation of that name.
 */
export type FenceFault = { policy: string; fault: string }

/**
 * @returns the faults in one line: our policies by name only, because each has many sentences; the rest with their
 * reasons
 */
export function describeFaults(faults: readonly FenceFault[]): string {
  const isOurs = ({ policy }: FenceFault) => policy.startsWith('spaceport-')
  const policies = [...new Set(faults.filter(isOurs).map(({ policy }) => policy))].join(', ')
  const others = faults.filter((fault) => !isOurs(fault)).map(({ policy, fault }) => `${policy}: ${fault}`)
  return [...(policies ? [`not in force: ${policies}`] : []), ...others].join('; ')
}

/** The API server's defaults for omitted fields (k8s.io/api/admissionregistration/v1, defaults). */
const defaults: Readonly<Record<string, unknown>> = {
  failurePolicy: 'Fail',
  matchPolicy: 'Equivalent',
  namespaceSelector: {},
  objectSelector: {},
  scope: '*',
}

/**
 * @param shipped `spec` of a policy or binding in deploy/cluster-chart/templates
 * @param found the same on the cluster
 * @returns whether they are equivalent: nothing is missing, and nothing was added that could let a request through
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
