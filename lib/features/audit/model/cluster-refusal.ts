/** Why a cluster refused a change, as far as the trail may know: never in the words of its answer. */
export const clusterRefusalKinds = [
  'quota',
  'container-limit',
  'rights',
  'policy',
  'webhook',
  'pod-security',
  'ending',
  'invalid',
  'conflict',
  'exists',
  'absent',
] as const
export type ClusterRefusalKind = (typeof clusterRefusalKinds)[number]

/**
 * `of`: the resources of the quota, those that one container has too much of, or the name of the policy, webhook or Pod
 * Security level.
 */
export type ClusterRefusal = { kind: ClusterRefusalKind; of?: readonly string[] }

const isKind = (value: unknown): value is ClusterRefusalKind =>
  (clusterRefusalKinds as readonly unknown[]).includes(value)

/** @returns the refusal that the details of the trail hold; null if they hold none */
export function clusterRefusalIn(detail: Readonly<Record<string, unknown>>): ClusterRefusal | null {
  const { refusal } = detail
  if (typeof refusal !== 'object' || refusal === null || !('kind' in refusal) || !isKind(refusal.kind)) return null
  const of = 'of' in refusal && Array.isArray(refusal.of) ? refusal.of : []
  return { kind: refusal.kind, of: of.filter((name) => typeof name === 'string') }
}
