import { spawn } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { z } from 'zod'
import { type BenchContext, rounds } from '#bench/bench-context.ts'
import { boundFinding, type Finding, ratioFinding } from '#bench/figures/finding.ts'
import { inRounds } from '#bench/figures/rounds.ts'
import { median, percentile } from '#bench/figures/statistics.ts'
import { insertCredential } from '#bench/scene/insert-person.ts'
import { watchOver } from '#dev/process/reaper.ts'
import { runCaptured } from '#dev/process/run-captured.ts'
import { clusterOfStack } from '#dev/stack/environment.ts'
import { ownerSql } from '#dev/testing/database/owner-sql.ts'
import { makeClusterToken } from '#lib/features/cluster-audit/receiver/audit-tokens.ts'
import { renderKubeconfig } from '#lib/features/credentials/model/render-kubeconfig.ts'
import { createOwnerDb } from '#lib/kernel/db/client.ts'

const wanted = 10_000
/** Of 400 events: one in a hundred is to be stored or counted, a hundred a second. */
const usualKept = 4
const commands = 12
/** The time limit of a round of commands; the audit continues for as long. */
const roundSeconds = 12
const reportSchema = z.object({
  taken: z.number(),
  refused: z.number(),
  seconds: z.number(),
  times: z.array(z.number()),
})

/**
 * Row audit-in: how many audit events a second the worker takes, how many if all must be stored, and the latency of
 * changes by kubectl through the gateway while ten thousand events a second arrive.
 */
export async function measureAuditIn({ stack, scene, dir, say }: BenchContext): Promise<Finding[]> {
  const owner = await scene.person()
  const namespace = await scene.space(owner)
  const kubectl = await openKubectl({ stack, dir, userId: owner.userId, handle: owner.handle, namespace })
  const send = await openSender({ stack, namespace })
  await kubectl(['create', 'configmap', 'settings'])

  say('row audit-in: as fast as events are taken')
  await (await send({ perSecond: null, seconds: 3, kept: usualKept })).report
  const fast = []
  const keeping = []
  for (let round = 0; round < rounds; round++) {
    fast.push(await (await send({ perSecond: null, seconds: 4, kept: usualKept })).report)
    keeping.push(await (await send({ perSecond: null, seconds: 4, kept: 400 })).report)
  }

  say('row audit-in: kubectl while events come in')
  const change = async (): Promise<number> => {
    const times: number[] = []
    for (let i = 0; i < commands; i++) {
      const began = performance.now()
      await kubectl(['annotate', '--overwrite', 'configmap', 'settings', `n=${i}-${began}`])
      times.push(performance.now() - began)
    }
    return median(times)
  }
  await change()
  const during: z.infer<typeof reportSchema>[] = []
  const sink = await startSink(stack)
  const { alone, busy, dropped } = await inRounds(rounds, {
    alone: change,
    dropped: async () => {
      const { report } = await send({ perSecond: wanted, seconds: roundSeconds, kept: usualKept, url: sink.url })
      const took = await change()
      await report
      return took
    },
    busy: async () => {
      const { report } = await send({ perSecond: wanted, seconds: roundSeconds, kept: usualKept })
      const took = await change()
      during.push(await report)
      return took
    },
  })
  sink.stop()
  const rate = ({ taken, seconds }: z.infer<typeof reportSchema>) => taken / seconds
  const row = 'audit-in'
  return [
    ratioFinding(
      {
        ...{ row, what: 'cluster audit: events per second taken, 1 % kept or counted, 10,000', unit: '/s' },
        ...{ ours: fast.map(rate), reference: fast.map(() => wanted) },
      },
      { min: 1 },
    ),
    ratioFinding({
      ...{ row, what: 'cluster audit: events per second taken, all kept or counted, 10,000', unit: '/s' },
      ...{ ours: keeping.map(rate), reference: keeping.map(() => wanted) },
    }),
    ratioFinding(
      {
        ...{ row, what: 'a change by kubectl while 10,000 events a second come in: p50, sent elsewhere', unit: 'ms' },
        ...{ ours: busy, reference: dropped },
      },
      { max: 1.05 },
    ),
    ratioFinding({
      ...{ row, what: 'a change by kubectl while 10,000 events a second come in: p50, none sent', unit: 'ms' },
      ...{ ours: busy, reference: alone },
    }),
    boundFinding(
      { row, what: 'cluster audit: events per second sent then', unit: '/s', ours: during.map(rate) },
      undefined,
    ),
    boundFinding(
      {
        ...{ row, what: 'cluster audit: a batch of 400 then, p99', unit: 'ms' },
        ours: during.map(({ times }) => percentile(times, 0.99)),
      },
      1_000,
    ),
    boundFinding(
      {
        ...{ row, what: 'cluster audit: events not taken', unit: 'events' },
        ours: [[...fast, ...keeping, ...during].reduce((sum, { refused }) => sum + refused, 0)],
      },
      0,
    ),
  ]
}

type KubectlScene = Pick<BenchContext, 'stack' | 'dir'> & { userId: string; handle: string; namespace: string }

/** @returns a function that runs kubectl through the gateway; it throws with its output */
async function openKubectl({ stack, dir, userId, handle, namespace }: KubectlScene) {
  const { token } = await insertCredential(stack.ownerDatabaseUrl, userId)
  const file = join(dir, 'audit-in.kubeconfig')
  const spaces = [{ cluster: clusterOfStack, name: namespace, namespace }]
  const ca = readFileSync(stack.gatewayCaFile, 'utf8')
  writeFileSync(file, renderKubeconfig({ gatewayUrl: stack.gatewayUrl, ca, handle, token, spaces }), { mode: 0o600 })
  return async (args: readonly string[]): Promise<void> => {
    const { status, output } = await runCaptured(stack.binaries?.kubectl ?? 'kubectl', ['--kubeconfig', file, ...args])
    if (status !== 0) throw new Error(`kubectl ${args[0]}: ${output}`)
  }
}

/** On a machine this small, sending audit uses a share of it too, whatever receives it. */
async function startSink({ env }: BenchContext['stack']): Promise<{ url: string; stop: () => void }> {
  const { WORKER_AUDIT_TLS_CERT: certFile, WORKER_AUDIT_TLS_KEY: keyFile } = env.worker
  const child = spawn(process.execPath, [join(import.meta.dirname, 'drop-audit.ts')], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, BENCH_AUDIT_SINK: JSON.stringify({ certFile, keyFile }) },
  })
  const release = child.pid === undefined ? undefined : watchOver(child.pid)
  const { value: port } = await createInterface({ input: child.stdout })[Symbol.asyncIterator]().next()
  const stop = () => {
    child.kill()
    release?.()
  }
  return { url: `https://127.0.0.1:${port}/`, stop }
}

/** `url`: another receiver than the stack’s worker. */
type Sent = { perSecond: number | null; seconds: number; kept: number; url?: string }

/**
 * @returns a function that sends audit to the stack’s worker from another process; it resolves once that sends, with a
 * promise of the number taken
 */
async function openSender({ stack, namespace }: Pick<BenchContext, 'stack'> & { namespace: string }) {
  const db = createOwnerDb(stack.ownerDatabaseUrl)
  const token = await makeClusterToken({ db, hostname: hostname(), at: new Date() }, clusterOfStack)
  await db.$disconnect()
  await ownerSql(stack.ownerDatabaseUrl, 'ANALYZE')
  const url = `https://${stack.env.worker.WORKER_AUDIT_LISTEN}/clusters/${clusterOfStack}/audit`
  return async (sent: Sent) => {
    const settings = JSON.stringify({ url, caFile: stack.gatewayCaFile, token, namespace, ...sent })
    const child = spawn(process.execPath, [join(import.meta.dirname, 'send-audit.ts')], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, BENCH_AUDIT: settings },
    })
    const release = child.pid === undefined ? undefined : watchOver(child.pid)
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
    const next = async (): Promise<string> => {
      const { value, done } = await lines.next()
      if (done) throw new Error('the sender of audit ended early')
      return value
    }
    await next()
    return {
      report: next()
        .then((line) => reportSchema.parse(JSON.parse(line)))
        .finally(() => release?.()),
    }
  }
}
