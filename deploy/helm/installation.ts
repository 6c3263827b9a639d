import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { vi } from 'vitest'
import { z } from 'zod'
import type { HelmMajor } from '#dev/cluster/build-helm.ts'
import { openBareCluster } from '#dev/testing/cluster/own-cluster.ts'
import { createKubectl } from '#dev/testing/kubectl.ts'
import { connectClusters } from '#lib/kube/client/cluster.ts'
import { compareFences } from '#lib/kube/fences/compare-fences.ts'
import { proveFences } from '#lib/kube/fences/prove-fences.ts'
import { charts, namespace, openHelm, values } from './helm.ts'

const metadata = z.looseObject({
  name: z.string(),
  uid: z.string(),
  labels: z.record(z.string(), z.string()).optional(),
  annotations: z.record(z.string(), z.string()).optional(),
})
const listed = z.object({ items: z.array(z.looseObject({ metadata, spec: z.unknown().optional() })) })
const config = z.looseObject({ users: z.array(z.looseObject({ name: z.string() })) })

export const where = ['--namespace', namespace]
const patience = ['--wait', '--timeout', '150s']
/** From docs/install.md, but with the least values, and `--wait` instead of `kubectl rollout status`. */
export const documentedWith = (chart: string) => [
  ...['spaceport', chart, ...where, '--take-ownership'],
  ...['--values', values.least, ...patience],
]
export const documented = documentedWith(charts.spaceport)

/**
 * A control plane of its own, with simulated pods, for the chart: the real API server, its admission and its
 * controllers. Our processes don't run there.
 */
export async function openInstallation(major: HelmMajor = 4) {
  const cluster = await openBareCluster()
  const kubectl = createKubectl({ program: cluster.kubectl, kubeconfig: cluster.adminKubeconfig })
  const helm = await openHelm(cluster.adminKubeconfig, major)

  const list = async (...what: string[]) =>
    listed.parse(JSON.parse(await kubectl.ok(['get', ...what, ...where, '--output', 'json']))).items
  async function brokersKubeconfig(): Promise<string> {
    const token = (await kubectl.ok(['create', 'token', 'spaceport-broker', ...where])).trim()
    const own = config.parse(JSON.parse(await kubectl.ok(['config', 'view', '--raw', '--output', 'json'])))
    const path = join(cluster.dir, 'broker.kubeconfig')
    await writeFile(path, JSON.stringify({ ...own, users: own.users.map(({ name }) => ({ name, user: { token } })) }))
    return path
  }

  return {
    cluster,
    kubectl,
    helm,
    install: (...args: string[]) => helm.ok('install', ...documented, ...args),
    list,
    /** How often each Deployment's pods were replaced. */
    revisions: async () =>
      Object.fromEntries(
        (await list('deployments')).map(({ metadata: { name, annotations } }) => [
          name,
          Number(annotations?.['deployment.kubernetes.io/revision']),
        ]),
      ),
    /** Waits until the broker can prove the fences. */
    async proved(): Promise<void> {
      const clusters = connectClusters({ kubeconfig: await brokersKubeconfig(), clusters: [] })
      const prove = () => proveFences(clusters.get(clusters.defaultName))
      await vi.waitFor(prove, { timeout: 30_000 }).finally(() => clusters.close())
    },
    /** @returns how the fences differ from the shipped ones */
    async fencesProblems() {
      const clusters = connectClusters({ kubeconfig: cluster.adminKubeconfig, clusters: [] })
      return compareFences(clusters.get(clusters.defaultName)).finally(() => clusters.close())
    },
    async close() {
      await helm.close()
      await cluster.close()
    },
  }
}

export type Installation = Awaited<ReturnType<typeof openInstallation>>
