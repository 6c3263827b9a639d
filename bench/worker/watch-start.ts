import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { BenchContext } from '#bench/bench-context.ts'
import { freePorts } from '#dev/ports/free-ports.ts'
import { launcher, projectRoot } from '#dev/project-root.ts'
import { type Service, startService } from '#dev/stack/service.ts'
import { managedKinds } from '#lib/kube/managed-kinds.ts'
import { followCalls } from './follow-calls.ts'
import type { QuietCluster } from './start-quiet-cluster.ts'

/** So long without a look at the cluster means that everything was looked at; more than the pauses between schedules. */
const quietMs = 8_000
const maxMs = 60_000

const broker = 'system:serviceaccount:spaceport-system:spaceport-broker'
const reads = new Set(['get', 'list', 'watch'])
const managed = new Set<string>(['namespaces', ...managedKinds.map(({ resource }) => resource)])
const written = new Set([...managed, 'serviceaccounts'])

export type Start = {
  worker: Service
  /** Whether it came to rest; else what follows is what it had done when we stopped waiting. */
  atRest: boolean
  /** From the process’ start, and from the first object that it asked for, until the last. */
  inSyncMs: number
  lookedMs: number
  /** To the cluster, about objects of spaces. */
  calls: number
  writes: number
  mostMegabytes: number
}

/** Starts a worker, and watches what it asks the cluster for until it comes to rest. */
export async function watchStart(
  { stack, dir, say }: BenchContext,
  cluster: QuietCluster,
  databaseUrl: string,
): Promise<Start> {
  const { port } = await freePorts('port')
  const log = followCalls(cluster.auditLog)
  const startedAt = Date.now()
  const worker = await startService({
    name: 'worker of many spaces',
    command: launcher,
    args: ['worker'],
    env: {
      ...stack.env.worker,
      DATABASE_URL: databaseUrl,
      KUBECONFIG: cluster.brokerKubeconfig,
      SPACEPORT_CLUSTERS: `default=${cluster.context}`,
      WORKER_LISTEN: `127.0.0.1:${port}`,
    },
    cwd: projectRoot,
    logFile: join(dir, 'worker-of-many.log'),
    readyUrl: `http://127.0.0.1:${port}/readyz`,
    onCrash: say,
  })
  let first = Number.POSITIVE_INFINITY
  let last = startedAt
  let calls = 0
  let writes = 0
  const isAtRest = () => Date.now() - last > quietMs
  try {
    while (!isAtRest() && Date.now() - startedAt < maxMs) {
      await new Promise((resolve) => setTimeout(resolve, 250))
      for (const { verb, resource, at, user, dryRun } of log.read()) {
        if (user !== broker || dryRun) continue
        if (written.has(resource) && !reads.has(verb)) writes++
        if (!managed.has(resource)) continue
        calls++
        // Quotas are read again and again for what is used, too.
        if (resource === 'resourcequotas') continue
        first = Math.min(first, at)
        last = Math.max(last, at)
      }
    }
    const mostMegabytes = peakMegabytes(worker.pid())
    return {
      worker,
      atRest: isAtRest(),
      inSyncMs: last - startedAt,
      lookedMs: last - first,
      calls,
      writes,
      mostMegabytes,
    }
  } catch (error) {
    await worker.stop()
    throw error
  } finally {
    log.close()
  }
}

/** @returns the most memory that a process has held so far; NaN where there is no /proc */
function peakMegabytes(pid: number): number {
  if (process.platform !== 'linux') return Number.NaN
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1_024
}
