/** Must never classify a request as a fence proof that could read, change or open anything: proofs leave no trace. */

import { fenceProofRequests } from '#lib/features/cluster-audit/model/fence-proof-requests.ts'
import { brokerUserName, personUserName, proofHandle } from '#lib/kernel/model/spaces/cluster-names.ts'
import type { ClusterEvent } from './cluster-event.ts'
import { isDryRun } from './is-dry-run.ts'

const proofUser = personUserName(proofHandle)
const keyOf = (...parts: readonly string[]): string => JSON.stringify(parts)
const proofs: ReadonlySet<string> = new Set(
  fenceProofRequests.map(({ asNobody, verb, group, resource, namespace, name }) =>
    keyOf(asNobody ? proofUser : '', verb, group, resource, namespace, name),
  ),
)

/**
 * @returns whether it is one of the dry runs that the broker proves the fences with (lib/kube/fences/fence-proofs.ts)
 */
export function isFenceProof(event: ClusterEvent): boolean {
  const { user, impersonated, verb, resource } = event
  if (user !== brokerUserName || !resource || resource.subresource !== '' || !isDryRun(event)) return false
  const { group, namespace } = resource
  // For a create, the API server takes the name from the body, after it has read that.
  const name = verb === 'create' ? '' : resource.name
  return proofs.has(keyOf(impersonated?.user ?? '', verb, group, resource.resource, namespace, name))
}
