import { labels, usersNamespace } from '#lib/domain/cluster-names.ts'
import { AppError, isAppError } from '#lib/domain/errors.ts'
import { applyObject } from './apply-object.ts'
import type { Cluster } from './cluster.ts'

/** Makes a person known to a cluster: applies the ServiceAccount that all our bindings refer to. */
export async function applyPerson(
  cluster: Cluster,
  person: { handle: string; email: string; name: string },
): Promise<void> {
  try {
    await applyObject(cluster, {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: {
        name: person.handle,
        namespace: usersNamespace,
        labels: { [labels.managedBy]: 'spaceport' },
        annotations: { 'spaceport.dev/email': person.email, 'spaceport.dev/display-name': person.name },
      },
      // No pod ever runs there; if one did, it must not act as the person.
      automountServiceAccountToken: false,
    })
  } catch (error) {
    // That namespace is installed with the fences; without it, nothing of Spaceport is on the cluster.
    if (isAppError(error, 'namespace_gone')) throw new AppError('fences_missing', { cause: error })
    throw error
  }
}
