import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import type { BenchContext } from '#bench/bench-context.ts'
import { boundFinding, type Finding } from '#bench/figures/finding.ts'
import { percentile } from '#bench/figures/statistics.ts'
import { insertCredential } from '#bench/scene/insert-person.ts'
import { openSession } from '#bench/scene/scene.ts'
import { clusterOfStack } from '#dev/stack/environment.ts'
import { runGenerator } from './run-generator.ts'

const people = 25
const watchesEach = 20
const seconds = 180
const requestsPerSecond = 50
/** The other requests go to the gateway. */
const pagesPerSecond = 2

const watched = ['pods', 'configmaps', 'secrets', 'services', 'events']
const reads = [
  'api/v1/namespaces/$/pods',
  'api/v1/namespaces/$/configmaps/kube-root-ca.crt',
  'apis/apps/v1/namespaces/$/deployments',
  'api/v1/namespaces/$/events',
  'api/v1/namespaces/$/services',
  'api/v1/namespaces',
  'api/v1/namespaces/$/configmaps',
  'api/v1/namespaces/$/resourcequotas',
  'api/v1/namespaces/$/secrets',
]
const pages = ['/', '/spaces/$', '/credentials', '/spaces/$/access', '/requests', '/spaces/$/activity']

const reportSchema = z.object({
  resets: z.number(),
  firstReset: z.string(),
  events: z.number(),
  answers: z.record(z.enum(['read', 'change', 'page']), z.array(z.number())),
  failed: z.partialRecord(z.enum(['read', 'change', 'page']), z.number()),
  firstFailure: z.string(),
})

type Worker = { source: string; space: string; token: string; session: string }

/**
 * Row load: a whole Spaceport with its cluster on the machine's cores. People at different addresses hold watches open
 * while they read, change objects and open pages, at a pace that doesn't wait for answers.
 */
export async function measureLoad(context: BenchContext): Promise<Finding[]> {
  const { stack, dir, reference, say } = context
  const workers: Worker[] = []
  for (let at = 0; at < people; at++) workers.push(await openWorker(context, at))
  const watches = join(dir, 'held.txt')
  const requests = join(dir, 'mixed.txt')
  writeRequests(
    watches,
    workers.flatMap((worker) =>
      Array.from({ length: watchesEach }, (_, n) => {
        const kind = watched[n % watched.length]
        return toGateway(context, worker, 'watch', 'GET', `api/v1/namespaces/$/${kind}?watch=true`)
      }),
    ),
  )
  writeRequests(requests, planMinute(context, workers))
  await warmUp(context, workers)
  say(`row load: ${people * watchesEach} watches and ${requestsPerSecond} requests a second for ${seconds} s`)
  const { report } = await runGenerator(
    reference,
    [
      ...['mixed', '-ca', stack.gatewayCaFile, '-watches', watches, '-requests', requests],
      ...['-rate', String(requestsPerSecond), '-duration', `${seconds}s`],
    ],
    () => undefined,
  )
  const { resets, firstReset, events, answers, failed, firstFailure } = reportSchema.parse(report)
  if (firstReset) say(`row load: the first reset: ${firstReset}`)
  if (firstFailure) say(`row load: the first failure: ${firstFailure}`)
  say(`row load: ${events} events`)
  const row = (what: string, unit: string, figure: number, bar?: number) =>
    boundFinding({ row: 'load', what, unit, ours: [figure] }, bar)
  const p = (kind: keyof typeof answers, share: number) => percentile(answers[kind], share)
  return [
    row(`${people * watchesEach} watches held for ${seconds} s`, 'resets', resets, 0),
    ...(['read', 'change', 'page'] as const).map((kind) =>
      row(`${answers[kind].length} ${kind}s: failed`, '', failed[kind] ?? 0, 0),
    ),
    row('reads: p50', 'ms', p('read', 0.5)),
    row('reads: p99', 'ms', p('read', 0.99), 250),
    row('changes: p99', 'ms', p('change', 0.99)),
    row('pages: p50', 'ms', p('page', 0.5)),
    row('pages: p99', 'ms', p('page', 0.99), 1_000),
  ]
}

/** The first load of each page compiles it. */
async function warmUp(context: BenchContext, workers: readonly Worker[]): Promise<void> {
  for (const [turn] of pages.entries()) {
    const [, , , url = '', cookie = ''] = toPortal(context, workers[0] as Worker, turn)
    const answer = await fetch(url, { headers: { cookie: cookie.slice('Cookie: '.length) } })
    if (!answer.ok) throw new Error(`${url} answered ${answer.status}`)
    await answer.arrayBuffer()
  }
}

async function openWorker({ stack, scene }: BenchContext, at: number): Promise<Worker> {
  const owner = await scene.person()
  const space = await scene.space(owner)
  const { token } = await insertCredential(stack.ownerDatabaseUrl, owner.userId)
  return {
    source: `127.0.1.${at + 1}`,
    space,
    token,
    session: await openSession(stack.ownerDatabaseUrl, owner.userId),
  }
}

/** @returns the requests of one minute: of ten gateway requests, nine read and one changes an object */
function planMinute(context: BenchContext, workers: readonly Worker[]): string[][] {
  const every = requestsPerSecond / pagesPerSecond
  return Array.from({ length: requestsPerSecond * 60 }, (_, n) => {
    const worker = workers[n % workers.length] as Worker
    const turn = Math.floor(n / workers.length)
    if (n % every === every - 1) return toPortal(context, workers[turn % workers.length] as Worker, turn)
    if (n % 10 !== 0) return toGateway(context, worker, 'read', 'GET', String(reads[(n + turn) % reads.length]))
    const settings = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'settings' },
      data: { turn: String(turn) },
    }
    const path = 'api/v1/namespaces/$/configmaps/settings?fieldManager=bench'
    return toGateway(context, worker, 'change', 'PATCH', path, JSON.stringify(settings))
  })
}

const toGateway = ({ stack }: BenchContext, worker: Worker, kind: string, method: string, path: string, body = '') => [
  ...[kind, worker.source, method, `${stack.gatewayUrl}/clusters/${clusterOfStack}/${path.replace('$', worker.space)}`],
  ...[`Authorization: Bearer ${worker.token}`, body],
]

const toPortal = ({ stack }: BenchContext, worker: Worker, turn: number) => [
  ...['page', worker.source, 'GET', stack.webUrl + String(pages[turn % pages.length]).replace('$', worker.space)],
  ...[`Cookie: spaceport-session=${worker.session}`, ''],
]

/** As reference/mixed.go reads them. */
const writeRequests = (file: string, requests: readonly string[][]): void =>
  writeFileSync(file, requests.map((parts) => `${parts.join('\t')}\n`).join(''))
