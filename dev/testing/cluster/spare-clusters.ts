import { once } from 'node:events'
import http, { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import PQueue from 'p-queue'
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

/** A control plane uses as much CPU as a busy worker of the tests. */
const mostSpares = 2

/**
 * Lends control planes to test files, which run in other processes: a request waits for a free one, and borrows it until
 * its connection closes. Each starts when it is first needed, and is restored before it is lent again.
 * @returns the lender's URL
 */
export async function lendClusters(
  dir: string,
  programs: Programs,
): Promise<{ url: string; stop: () => Promise<void> }> {
  const spares: Awaited<ReturnType<typeof startSpare>>[] = []
  const free: typeof spares = []
  const starting: Promise<unknown>[] = []
  const lending = new PQueue({ concurrency: mostSpares })
  let stopping = false
  async function prepare(): Promise<(typeof spares)[number]> {
    const used = free.pop()
    if (used) {
      const isRestored = await used.reset().then(
        () => true,
        () => false,
      )
      if (isRestored) return used
      spares.splice(spares.indexOf(used), 1)
      await used.stop()
    }
    if (stopping) throw new Error('the lender is stopping')
    const id = starting.length
    const start = startSpare(id, join(dir, `spare-${id}`), programs).then((spare) => {
      spares.push(spare)
      return spare
    })
    starting.push(start)
    return start
  }
  async function lend(response: ServerResponse): Promise<void> {
    if (response.closed || stopping) return
    // Writing to a borrower that has just gone is no failure.
    response.on('error', () => {})
    const closed = new Promise((resolve) => response.once('close', resolve))
    const spare = await prepare()
    response.write(`${JSON.stringify(spare.described)}\n`)
    await closed
    free.push(spare)
  }

  const server = createServer((_request, response) => {
    lending.add(() => lend(response)).catch((error: unknown) => response.writeHead(500).end(String(error)))
  })
  const listening = Promise.withResolvers<void>()
  server.listen(0, '127.0.0.1', () => listening.resolve())
  await listening.promise
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async stop() {
      stopping = true
      server.close()
      server.closeAllConnections()
      await lending.onIdle()
      await Promise.allSettled(starting)
      await Promise.all(spares.map((spare) => spare.stop()))
    },
  }
}

/**
 * Waits for a free control plane.
 * @param lender its URL
 */
export async function borrowCluster(lender: string): Promise<SpareCluster & { giveBack(): void }> {
  const request = http.request(lender, { agent: false }).end()
  const [response] = await once(request, 'response')
  if (response.statusCode !== 200) throw new Error(`no cluster was lent: ${await text(response)}`)
  const lines = createInterface({ input: response })
  const [line] = await once(lines, 'line')
  // Giving it back ends the connection, which all three report as an error.
  for (const source of [request, response, lines]) source.on('error', () => {})
  return { ...spareClusterSchema.parse(JSON.parse(line)), giveBack: () => request.destroy() }
}
