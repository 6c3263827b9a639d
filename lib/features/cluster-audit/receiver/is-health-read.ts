/** Must never accept a request that Spaceport’s worker doesn’t make: these reads leave no trace. */

import { brokerUserName, healthUserName } from '#lib/kernel/model/spaces/cluster-names.ts'
import type { ClusterEvent } from './cluster-event.ts'

/** By API group and resource. */
const followed: ReadonlySet<string> = new Set(['/pods', '/events'])
const listed: ReadonlySet<string> = new Set([
  ...followed,
  '/replicationcontrollers',
  ...['apps/deployments', 'apps/statefulsets', 'apps/daemonsets', 'apps/replicasets'],
  ...['batch/jobs', 'batch/cronjobs'],
])

/**
 * @returns whether the broker reads as `spaceport-health` what the worker reads: pods and events of the whole cluster,
 * and the workloads of one space (lib/kube/inside/follow-troubled.ts, lib/kube/inside/read-health.ts)
 */
export function isHealthRead({ user, impersonated, verb, resource }: ClusterEvent): boolean {
  if (user !== brokerUserName || impersonated?.user !== healthUserName) return false
  if (resource?.subresource !== '' || resource.name !== '') return false
  const kind = `${resource.group}/${resource.resource}`
  if (resource.namespace === '') return followed.has(kind) && (verb === 'list' || verb === 'watch')
  return listed.has(kind) && verb === 'list'
}
