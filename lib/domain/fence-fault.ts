import { isDeepStrictEqual } from 'node:util'

/** What is wrong with an admission policy that Spaceport relies on. `fault` is worded to follow the policy's name. */
export type FenceFault = { policy: string; fault: string }

/** What the API server fills in for omitted fields (k8s.io/api/admissionregistration/v1, defaults). */
const defaults: Readonly<Record<string, unknown>> = {
  failurePolicy: 'Fail',
  matchPolicy: 'Equivalent',
  namespaceSelector: {},
  objectSelector: {},
  scope: '*',
}

/**
 * @param shipped `spec` of a policy or of its binding, as deploy/manifests has it
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
