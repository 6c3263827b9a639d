/**
 * Receives the audit of API servers: POST /clusters/{cluster}/audit. It answers 200 only after kept rows are durable;
 * after any other answer, the API server sends the batch again, so nothing is lost. Bodies are read only after the
 * token was checked.
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import https from 'node:https'
import type { Socket } from 'node:net'
import type { Pool } from '#lib/kernel/db/pool.ts'
import { isDatabaseUnavailable } from '#lib/kernel/model/database-failure.ts'
import type { Logger } from '#lib/observability/logger.ts'
import { metrics } from '#lib/observability/metrics.ts'
import type { Certificate } from '#lib/tls/certificate.ts'
import { answerRefusal, type RefusalReason } from './answer.ts'
import { createAuthenticateSender } from './authenticate-sender.ts'
import { createBatchRoom } from './batch-room.ts'
import { type ClassifiedBatch, classifyBatch } from './classify-batch.ts'
import { createBatcher } from './create-batcher.ts'
import { readBatch } from './read-batch.ts'
import { createRecentKeys } from './recorded-lately.ts'
import { type BatchResult, type Cluster, createTakeBatches } from './take-batches.ts'

/**
 * Per batch. Above the maximum of an API server that truncates batches (`--audit-webhook-truncate-max-batch-size`, 10
 * MiB).
 */
const maxBodyBytes = 12 * 1024 * 1024
const maxConnections = 512
const maxConnectionsOfSource = 64
/** The API server's own timeout (k8s.io/apiserver, pkg/util/webhook). */
const requestMs = 30_000
/** Between two log lines about excess events of one cluster. */
const excessEveryMs = 60_000
const path = /^\/clusters\/([a-z0-9](?:[-a-z0-9]{0,30}[a-z0-9])?)\/audit(?:\?|$)/

class Refused extends Error {
  override readonly name = 'Refused'
  readonly reason: RefusalReason
  constructor(reason: RefusalReason) {
    super(reason)
    this.reason = reason
  }
}

type Options = {
  pool: Pool
  /** The operator’s own controllers: names of users and groups. */
  ignored: ReadonlySet<string>
  clock: () => Date
  monotonic: () => number
  log: Logger
}

export function createAuditReceiver({ pool, ignored, clock, monotonic, log }: Options, certificate: Certificate) {
  const authenticate = createAuthenticateSender(pool, monotonic)
  const take = createTakeBatches({ pool, clock })
  const room = createBatchRoom()
  const excesses = createRecentKeys(excessEveryMs, 1_000)
  /** By cluster id, for clusters that have sent a valid token. */
  const batchers = new Map<string, (batch: ClassifiedBatch) => Promise<void>>()

  function takeSoon(cluster: Cluster, batch: ClassifiedBatch): Promise<void> {
    const gathering =
      batchers.get(cluster.id) ??
      createBatcher<ClassifiedBatch>(async (batches) => count(cluster.name, await take(cluster, batches)), monotonic)
    batchers.set(cluster.id, gathering)
    return gathering(batch)
  }

  async function receive(request: IncomingMessage): Promise<void> {
    const claimed = path.exec(request.url ?? '')?.[1]
    if (claimed === undefined) throw new Refused('unknown_path')
    if (request.method !== 'POST') throw new Refused('bad_method')
    const cluster = await authenticate(request.headers.authorization, claimed)
    if (typeof cluster === 'string') throw new Refused(cluster)
    const { 'content-type': type = '', 'content-encoding': encoding, 'content-length': declared } = request.headers
    if (!/^application\/json\b/i.test(type) || encoding !== undefined) throw new Refused('bad_encoding')
    const size = declared === undefined ? maxBodyBytes : Number(declared)
    if (size > maxBodyBytes) throw new Refused('too_large')
    const giveBack = room.take(cluster.name, size)
    if (!giveBack) throw new Refused('busy')
    try {
      const batch = readBatch(await readBody(request), (events) => classifyBatch(events, ignored))
      if (typeof batch === 'string') throw new Refused(batch)
      await takeSoon(cluster, batch)
      metrics().clusterAuditBatches.inc({ result: 'taken' })
    } finally {
      giveBack()
    }
  }

  function count(cluster: string, taken: BatchResult): void {
    const { kept, again, malformed, unmatched, counted, refused, dropped } = taken
    const { clusterAuditEvents, clusterAuditReceivedAt } = metrics()
    clusterAuditReceivedAt.set({ cluster }, clock().getTime() / 1_000)
    const became = { ...Object.fromEntries(dropped), kept, again, malformed, refused, unmatched, counted: counted.all }
    for (const [result, events] of Object.entries(became))
      if (events > 0) clusterAuditEvents.inc({ cluster, result }, events)
    if (refused > 0) log.error({ cluster, refused }, 'the database refuses events of a cluster’s audit')
    if (unmatched > 0)
      log.error({ cluster, unmatched }, 'an identity of Spaceport was used for a request that its trail doesn’t know')
    const now = clock().getTime()
    if (counted.all === 0 || !excesses.isDue(cluster, now)) return
    excesses.note(cluster, now)
    const message = 'a cluster’s audit has more events than are kept; the rest is counted'
    if (counted.grave > 0) log.error({ cluster, ...counted }, message)
    else log.warn({ cluster, ...counted }, message)
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      await receive(request)
      response.writeHead(200, { 'content-length': 0 }).end()
    } catch (error) {
      const reason = reasonOf(error)
      metrics().clusterAuditBatches.inc({ result: reason })
      if (reason === 'bug') log.error({ error }, 'a batch of a cluster’s audit could not be processed')
      answerRefusal(response, reason)
    }
  }

  const server = https.createServer({
    cert: certificate.cert,
    key: certificate.key,
    minVersion: 'TLSv1.2',
    handshakeTimeout: 5_000,
    insecureHTTPParser: false,
    maxHeaderSize: 16 * 1024,
    headersTimeout: 10_000,
    requestTimeout: requestMs,
    keepAliveTimeout: 90_000,
    connectionsCheckingInterval: 2_000,
    noDelay: true,
  })
  server.maxHeadersCount = 64
  server.maxConnections = maxConnections
  limitSources(server)
  server.on('request', (request, response) => {
    response.on('error', () => response.destroy())
    void answer(request, response)
  })
  server.on('upgrade', (_request, socket) => socket.destroy())
  return server
}

function reasonOf(error: unknown): RefusalReason {
  if (error instanceof Refused) return error.reason
  return isDatabaseUnavailable(error) ? 'trail_unavailable' : 'bug'
}

/** Limits connections per address, so that clients without a token can't exhaust them for others. */
function limitSources(server: https.Server): void {
  const open = new Map<string, number>()
  server.on('connection', (socket: Socket) => {
    const source = socket.remoteAddress ?? ''
    const count = open.get(source) ?? 0
    if (count >= maxConnectionsOfSource) return void socket.destroy()
    open.set(source, count + 1)
    socket.on('close', () => {
      const left = (open.get(source) ?? 1) - 1
      if (left > 0) open.set(source, left)
      else open.delete(source)
    })
  })
}

/** @throws Refused incomplete, too_large */
async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  try {
    for await (const chunk of request) {
      size += chunk.length
      if (size > maxBodyBytes) throw new Refused('too_large')
      chunks.push(chunk)
    }
  } catch (error) {
    throw error instanceof Refused ? error : new Refused('incomplete')
  }
  return Buffer.concat(chunks)
}
