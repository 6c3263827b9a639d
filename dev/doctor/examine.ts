import { readManifests } from '#dev/cluster/install.ts'
import { readKubeconfigContext } from '#dev/cluster/read-kubeconfig-context.ts'
import { connectClusters } from '#lib/kube/cluster.ts'
import { pingCluster } from '#lib/kube/ping-cluster.ts'
import { admission } from './admission.ts'
import { apiServer } from './api-server.ts'
import { runCheck } from './check.ts'
import { clusterAudit } from './cluster-audit.ts'
import { database } from './database.ts'
import { fences } from './fences.ts'
import type { Finding } from './finding.ts'
import { furtherProviders } from './further-providers.ts'
import { gateway } from './gateway.ts'
import { manifestsArea } from './manifests.ts'
import { portal } from './portal.ts'
import { provider } from './provider.ts'
import { rights } from './rights.ts'
import type { Settings } from './settings.ts'
import { webhooks } from './webhooks.ts'

export type Examined = { title: string; findings: Finding[] }

/**
 * Checks one area after the other, so that none is in another's way, each with all of its checks at once.
 * @throws Error, ConfigurationError when the kubeconfig can't be used
 */
export async function* examine(settings: Settings): AsyncGenerator<Examined> {
  const { context } = await readKubeconfigContext(settings.kubeconfig, settings.context)
  const clusters = connectClusters({ kubeconfig: settings.kubeconfig, clusters: [{ name: 'default', context }] })
  try {
    const cluster = clusters.get(clusters.defaultName)
    const shipped = await readManifests()
    const answers = await pingCluster(cluster, AbortSignal.timeout(5_000)).then(
      () => true,
      () => false,
    )
    const first = apiServer(cluster)
    const areas = [
      // Of one that doesn’t answer, this says why, and the rest would only repeat it.
      answers ? first : { ...first, checks: first.checks.slice(0, 1) },
      ...(answers
        ? [
            ...[manifestsArea(cluster, shipped), fences(cluster), rights(cluster, shipped)],
            ...[admission(cluster), webhooks(cluster)],
          ]
        : []),
      portal(settings.portalUrl),
      gateway(settings.gateway),
      database(settings.database),
      clusterAudit(settings.audit),
      provider(settings.provider),
      ...furtherProviders(settings.furtherProviders, settings.provider),
    ]
    for (const { title, checks } of areas) {
      const findings = await Promise.all(checks.map(runCheck))
      yield { title, findings: findings.flat() }
    }
  } finally {
    await clusters.close()
  }
}
