import { labels, usersNamespace } from '#lib/domain/cluster-names.ts'
import { applyObject } from './apply-object.ts'
import type { Cluster } from './cluster.ts'

/** Makes a person known to a cluster: the ServiceAccount by whose name every binding of ours calls them. */
export async function applyPerson(
  cluster: Cluster,
  person: { handle: string; email: string; name: string },
): Promise<void> {
  await applyObject(cluster, {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: {
      name: person.handle,
      namespace: usersNamespace,
      labels: { [labels.managedBy]: 'spaceport' },
      annotations: { 'spaceport.dev/email': person.email, 'spaceport.dev/display-name': person.name },
    },
    // No pod ever runs there; if one did, it would not be the person.
    automountServiceAccountToken: false,
  })
}
