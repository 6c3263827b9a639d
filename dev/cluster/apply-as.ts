import { z } from 'zod'
import type { Manifest } from '#lib/kernel/model/spaces/manifest.ts'
import type { Cluster } from '#lib/kube/client/cluster.ts'
import { objectPath } from '#lib/kube/client/object-path.ts'
import { request } from '#lib/kube/client/request.ts'

/**
 * Applies one object by server-side apply with force, as a tool other than Spaceport.
 * @param fieldManager the tool's name; `spaceport-install` owns what `deploy/cluster-chart/templates` installs
 */
export async function applyAs(fieldManager: string, cluster: Cluster, manifest: Manifest): Promise<void> {
  const { name, namespace } = manifest.metadata
  const ref = { apiVersion: manifest.apiVersion, kind: manifest.kind, name, ...(namespace && { namespace }) }
  const asked = {
    method: 'PATCH' as const,
    path: objectPath(ref),
    query: { fieldManager, force: 'true' },
    contentType: 'application/apply-patch+yaml',
    body: manifest,
  }
  await request(cluster, asked, z.unknown())
}
