/** Why a cluster refused a change, for the trail. The cluster's message is never stored. */
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
 * `of`: the resources that exceed the quota or the limit of one container, or the name of the policy, webhook or Pod
 * Security level.
 */
export type ClusterRefusal = { kind: ClusterRefusalKind; of?: readonly string[] }

const isKind = (value: unknown): value is ClusterRefusalKind =>
  (clusterRefusalKinds as readonly unknown[]).includes(value)

/** @returns the refusal in the details of a row; null if there is none */
export function clusterRefusalIn(detail: Readonly<Record<string, unknown>>): ClusterRefusal | null {
  const { refusal } = detail
  if (typeof refusal !== 'object' || refusal === null || !('kind' in refusal) || !isKind(refusal.kind)) return null
  const of = 'of' in refusal && Array.isArray(refusal.of) ? refusal.of : []
  return { kind: refusal.kind, of: of.filter((name) => typeof name === 'string') }
}
