import { mkdir, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { parseAllDocuments } from 'yaml'
import { z } from 'zod'
import { isAppError } from '#lib/kernel/model/errors.ts'
import type { Manifest } from '#lib/kernel/model/spaces/manifest.ts'
import { type Cluster, connectClusters } from '#lib/kube/client/cluster.ts'
import { request } from '#lib/kube/client/request.ts'
import { proveFences } from '#lib/kube/fences/prove-fences.ts'
import { applyAs } from './apply-as.ts'
import type { Report } from './progress.ts'
import { readKubeconfigContext } from './read-kubeconfig-context.ts'
import { writeKubeconfig } from './write-kubeconfig.ts'

const manifestsDir = join(import.meta.dirname, '..', '..', 'deploy', 'cluster-chart', 'templates')
const systemNamespace = 'spaceport-system'

// The lifetime requested from every cluster; many grant less. `npm start` issues new tokens each time.
const tokenSeconds = 30 * 24 * 3600

const manifestSchema = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({ name: z.string(), namespace: z.string().optional() }),
})
const tokenSchema = z.object({ status: z.object({ token: z.string().min(1) }) })

export type Installed = {
  /** Paths of the kubeconfigs that the processes run with. */
  brokerKubeconfig: string
  gatewayKubeconfig: string
  context: string
}

/**
 * Installs Spaceport's objects into a cluster (`deploy/cluster-chart/templates`), waits until the fences are in force,
 * and writes a kubeconfig for the broker and one for the gateway. Doing it again changes only the tokens.
 * @param options.kubeconfig of a cluster admin; used only here
 * @param options.context in it; default: its current context
 * @param options.dir gets `broker.kubeconfig` and `gateway.kubeconfig`, mode 0600
 */
export async function installIntoCluster(options: {
  kubeconfig: string
  context?: string
  dir: string
  report: Report
}): Promise<Installed> {
  const { report } = options
  const target = await readKubeconfigContext(options.kubeconfig, options.context)
  const { context } = target
  const admin = connectClusters({ kubeconfig: options.kubeconfig, clusters: [{ name: 'default', context }] })
  try {
    const cluster = admin.get(admin.defaultName)
    report({ part: 'manifests', state: 'starting' })
    for (const manifest of await readManifests()) await applyAs('spaceport-install', cluster, manifest)
    await mkdir(options.dir, { recursive: true, mode: 0o700 })
    const kubeconfigFor = async (name: 'broker' | 'gateway') => {
      const user = `spaceport-${name}`
      const path = join(options.dir, `${name}.kubeconfig`)
      const login = { token: await makeToken(cluster, user) }
      await writeKubeconfig(path, { context, cluster: target.cluster, user, login })
      return path
    }
    const [brokerKubeconfig, gatewayKubeconfig] = [await kubeconfigFor('broker'), await kubeconfigFor('gateway')]
    report({ part: 'manifests', state: 'starting', detail: 'waiting for the admission policies' })
    await waitForFences(brokerKubeconfig)
    report({ part: 'manifests', state: 'ready' })
    return { brokerKubeconfig, gatewayKubeconfig, context }
  } finally {
    await admin.close()
  }
}

/** @returns the documents of `deploy/cluster-chart/templates` in the order to apply them */
export async function readManifests(): Promise<Manifest[]> {
  const files = (await readdir(manifestsDir)).filter((name) => name.endsWith('.yaml')).sort()
  const texts = await Promise.all(files.map((name) => readFile(join(manifestsDir, name), 'utf8')))
  return texts
    .flatMap((text) => parseAllDocuments(text))
    .map((document): unknown => document.toJS())
    .filter((document) => document !== null)
    .map((document) => manifestSchema.parse(document) as Manifest)
}

async function makeToken(cluster: Cluster, serviceAccount: string): Promise<string> {
  const asked = {
    method: 'POST' as const,
    path: `/api/v1/namespaces/${systemNamespace}/serviceaccounts/${serviceAccount}/token`,
    body: {
      apiVersion: 'authentication.k8s.io/v1',
      kind: 'TokenRequest',
      spec: { expirationSeconds: tokenSeconds },
    },
  }
  return (await request(cluster, asked, tokenSchema)).status.token
}

/** Admission policies and roles take effect within a second of being written, not with the response. */
export async function waitForFences(brokerKubeconfig: string, withinMs = 120_000): Promise<void> {
  const broker = connectClusters({ kubeconfig: brokerKubeconfig, clusters: [] })
  const end = Date.now() + withinMs
  try {
    for (;;) {
      try {
        await proveFences(broker.get(broker.defaultName))
        return
      } catch (error) {
        if (!isAppError(error, 'fences_missing', 'cluster_refused') || Date.now() > end) throw error
      }
      await delay(100)
    }
  } finally {
    await broker.close()
  }
}
