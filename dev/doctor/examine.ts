import { z } from 'zod'
import { readManifests } from '#dev/cluster/install.ts'
import { readKubeconfigContext } from '#dev/cluster/read-kubeconfig-context.ts'
import { isAppError } from '#lib/kernel/model/errors.ts'
import { type Cluster, connectClusters } from '#lib/kube/client/cluster.ts'
import { pingCluster } from '#lib/kube/client/ping-cluster.ts'
import { request } from '#lib/kube/client/request.ts'
import { admission } from './admission.ts'
import { apiServer } from './api-server.ts'
import { systemNamespace } from './as-service-account.ts'
import { type Area, runArea } from './check.ts'
import { clusterAudit } from './cluster-audit.ts'
import { database } from './database.ts'
import { fences } from './fences.ts'
import { bad, type Finding } from './finding.ts'
import { furtherProviders } from './further-providers.ts'
import { gateway } from './gateway.ts'
import { manifestsArea } from './manifests.ts'
import { portal } from './portal.ts'
import { provider } from './provider.ts'
import { rights } from './rights.ts'
import type { Settings } from './settings.ts'
import { webhooks } from './webhooks.ts'

/** Without the namespace, everything else that is missing would be reported too. */
const notInstalled: Area = {
  title: 'Manifests',
  checks: [
    {
      about: 'Spaceport on this cluster',
      remedy: '',
      run: () =>
        Promise.resolve(
          bad(
            `Spaceport is not installed on this cluster: there is no namespace ${systemNamespace}`,
            'helm install, or kubectl apply --server-side -f deploy/cluster-chart/templates/ (docs/install.md, 6; docs/own-cluster.md, 1)',
          ),
        ),
    },
  ],
}

/** If that fails, the areas report why. */
async function isInstalled(cluster: Cluster): Promise<boolean> {
  const path = `/api/v1/namespaces/${systemNamespace}`
  return await request(cluster, { method: 'GET', path }, z.unknown()).then(
    () => true,
    (error: unknown) => !isAppError(error, 'not_found'),
  )
}

export type Examined = { title: string; findings: Finding[] }

/**
 * Checks one area after the other, so that they don't disturb each other, each with all its checks in parallel.
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
    const installed = answers && (await isInstalled(cluster))
    // Both ask the database.
    const [postgres, audit] = [database(settings.database), clusterAudit(settings.audit)]
    const areas = [
      // If the first doesn’t answer, its finding says why, and the rest would repeat it.
      answers ? first : { ...first, checks: first.checks.slice(0, 1) },
      ...(answers
        ? [
            ...(installed
              ? [manifestsArea(cluster, shipped), fences(cluster), rights(cluster, shipped), admission(cluster)]
              : [notInstalled]),
            webhooks(cluster),
          ]
        : []),
      portal(settings.portalUrl, settings.readinessUrl),
      gateway(settings.gateway),
      postgres,
      audit,
      provider(settings.provider),
      ...furtherProviders(settings.furtherProviders, settings.provider),
    ]
    let ofDatabase: string[] = []
    for (const area of areas) {
      const findings = await runArea(area, area === audit ? ofDatabase : [])
      if (area === postgres) ofDatabase = findings.flatMap(({ cause = [] }) => cause)
      yield { title: area.title, findings }
    }
  } finally {
    await clusters.close()
  }
}
