import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { BenchContext } from '#bench/bench-context.ts'
import { freePorts } from '#dev/ports/free-ports.ts'
import { launcher, projectRoot } from '#dev/project-root.ts'
import { type Service, startService } from '#dev/stack/service.ts'
import { managedKinds } from '#lib/kube/objects/managed-kinds.ts'
import { followCalls } from './follow-calls.ts'
import type { QuietCluster } from './start-quiet-cluster.ts'

/** A worker that reads nothing for this long has seen everything. Longer than the pauses between its schedules. */
const quietMs = 8_000
const maxMs = 60_000

const broker = 'system:serviceaccount:spaceport-system:spaceport-broker'
const reads = new Set(['get', 'list', 'watch'])
const managed = new Set<string>(['namespaces', ...managedKinds.map(({ resource }) => resource)])
const written = new Set([...managed, 'serviceaccounts'])

export type Start = {
  worker: Service
  /** Whether it finished. If not, the figures are those at the time limit. */
  atRest: boolean
  /** From the start of the process, and from its first read, until its last read. */
  inSyncMs: number
  checkedMs: number
  /** Requests for objects of spaces. */
  calls: number
  writes: number
  peakMegabytes: number
}

/** Starts a worker, and follows its requests to the cluster until it has read everything. */
export async function watchStart(
  { stack, dir, say }: BenchContext,
  cluster: QuietCluster,
  databaseUrl: string,
): Promise<Start> {
  const { port, audit } = await freePorts('port', 'audit')
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
      // The stack’s own worker receives the cluster’s audit at the usual port.
      WORKER_AUDIT_LISTEN: `127.0.0.1:${audit}`,
    },
    cwd: projectRoot,
    logFile: join(dir, 'worker-of-many.log'),
    readyUrl: `http://127.0.0.1:${port}/readyz`,
    onCrash: say,
  })
  let first = Number.POSITIVE_INFINITY
  let last = Date.now()
  let calls = 0
  let writes = 0
  const isAtRest = () => Date.now() - last > quietMs
  try {
    do {
      await new Promise((resolve) => setTimeout(resolve, 250))
      for (const { verb, resource, at, user, dryRun } of log.read()) {
        if (user !== broker || dryRun) continue
        if (written.has(resource) && !reads.has(verb)) writes++
        if (!managed.has(resource)) continue
        calls++
        // Quotas are also read for usage, over and over.
        if (resource === 'resourcequotas') continue
        first = Math.min(first, at)
        last = Math.max(last, at)
      }
    } while (!isAtRest() && Date.now() - startedAt < maxMs)
    const peak = peakMegabytes(worker.pid())
    return {
      worker,
      atRest: isAtRest(),
      inSyncMs: last - startedAt,
      checkedMs: last - first,
      calls,
      writes,
      peakMegabytes: peak,
    }
  } catch (error) {
    await worker.stop()
    throw error
  } finally {
    log.close()
  }
}

/** @returns the peak memory of a process; NaN where there is no /proc */
function peakMegabytes(pid: number): number {
  if (process.platform !== 'linux') return Number.NaN
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1_024
}
