import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { z } from 'zod'
import { helperPorts } from '#dev/cluster/arguments.ts'
import type { Binaries } from '#dev/cluster/build.ts'
import { startControlPlane } from '#dev/cluster/control-plane.ts'
import { installIntoCluster, waitForFences } from '#dev/cluster/install.ts'
import { freePorts } from '#dev/ports/free-ports.ts'
import { openStore } from './cluster-store.ts'

/** A control plane for one test file at a time. */
const spareClusterSchema = z.object({
  id: z.number(),
  adminKubeconfig: z.string(),
  brokerKubeconfig: z.string(),
  gatewayKubeconfig: z.string(),
  /** The path of the API server's audit log, which earlier files wrote too. */
  auditLog: z.string(),
})
export type SpareCluster = z.infer<typeof spareClusterSchema>

/** Until an API server has seen all restored objects; otherwise another control plane is started. */
const resetMs = 20_000

type Programs = { binaries: Binaries; metricsServer: Promise<string | null> }

async function startSpare(id: number, dir: string, programs: Programs) {
  const report = () => {}
  const ports = await freePorts('apiserver', ...helperPorts)
  // Tests read the audit log from where they began: it stays one file.
  const audit = { logMegabytes: 10_000 }
  const controlPlane = await startControlPlane({
    dir,
    ...programs,
    ports,
    fsync: false,
    audit,
    report,
    onExit: () => {},
  })
  const { adminKubeconfig, auditLog } = controlPlane
  const store = openStore(controlPlane.store)
  await controlPlane.metrics
  const { brokerKubeconfig, gatewayKubeconfig } = await installIntoCluster({
    kubeconfig: adminKubeconfig,
    dir: join(dir, 'identities'),
    report,
  })
  const installed = await store.remember()
  return {
    described: { id, adminKubeconfig, brokerKubeconfig, gatewayKubeconfig, auditLog },
    async reset() {
      await store.restore(installed)
      await waitForFences(brokerKubeconfig, resetMs)
    },
    async stop() {
      await store.close()
      await controlPlane.stop()
    },
  }
}

/**
 * Lends control planes to test files, which run in other processes: `POST /` borrows one, `DELETE /ID` returns it. Each
 * starts when it is first needed, and is restored before it is lent again.
 * @returns the lender's URL
 */
export async function lendClusters(
  dir: string,
  programs: Programs,
): Promise<{ url: string; stop: () => Promise<void> }> {
  const spares: Awaited<ReturnType<typeof startSpare>>[] = []
  const free: typeof spares = []
  const starting: Promise<unknown>[] = []
  async function borrow(): Promise<SpareCluster> {
    const used = free.pop()
    if (used) {
      const isRestored = await used.reset().then(
        () => true,
        () => false,
      )
      if (isRestored) return used.described
      spares.splice(spares.indexOf(used), 1)
      await used.stop()
    }
    const id = starting.length
    const start = startSpare(id, join(dir, `spare-${id}`), programs).then((spare) => {
      spares.push(spare)
      return spare.described
    })
    starting.push(start)
    return start
  }
  const giveBack = (id: string) => {
    const spare = spares.find(({ described }) => String(described.id) === id)
    if (spare && !free.includes(spare)) free.push(spare)
    return Promise.resolve({ returned: spare !== undefined })
  }

  const server = createServer(({ method, url = '' }, response) => {
    const done = method === 'POST' ? borrow() : giveBack(url.slice(1))
    done.then(
      (answer) => response.writeHead(200).end(JSON.stringify(answer)),
      (error: unknown) => response.writeHead(500).end(String(error)),
    )
  })
  const listening = Promise.withResolvers<void>()
  server.listen(0, '127.0.0.1', () => listening.resolve())
  await listening.promise
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async stop() {
      server.close()
      server.closeAllConnections()
      await Promise.allSettled(starting)
      await Promise.all(spares.map((spare) => spare.stop()))
    },
  }
}

/** @param lender its URL */
export async function borrowCluster(lender: string): Promise<SpareCluster & { giveBack(): Promise<void> }> {
  const response = await fetch(lender, { method: 'POST' })
  const text = await response.text()
  if (!response.ok) throw new Error(`no cluster was lent: ${text}`)
  const spare = spareClusterSchema.parse(JSON.parse(text))
  return {
    ...spare,
    async giveBack() {
      await fetch(`${lender}/${spare.id}`, { method: 'DELETE' })
    },
  }
}
