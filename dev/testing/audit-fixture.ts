import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import type { IncomingMessage } from 'node:http'
import https from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import tls from 'node:tls'
import pg from 'pg'
import { openAuthority } from '#dev/cluster/certificates.ts'
import { makeClusterToken } from '#lib/cluster-audit/audit-tokens.ts'
import { startAuditReceiver } from '#lib/cluster-audit/start-audit-receiver.ts'
import { createOwnerDb } from '#lib/db/client.ts'
import { createLogger } from '#lib/observability/logger.ts'
import { ownDatabase } from './own-database.ts'
import { uniqueName } from './unique-name.ts'

type Answer = { status: number; retryAfter: string | undefined; body: string }

/** A receiver of audit over the test file's database, with clusters, spaces, people and intents made by SQL. */
export async function openAuditFixture() {
  const { databaseUrls, ownerDatabaseUrl } = await ownDatabase()
  const dir = mkdtempSync(join(tmpdir(), 'spaceport-audit-'))
  const authority = await openAuthority(join(dir, 'pki'), 'test')
  const files = await authority.issue('audit', { commonName: 'audit', hosts: ['127.0.0.1'], usages: ['server'] })
  const ca = readFileSync(authority.caFile, 'utf8')
  const log = createLogger('worker', 'fatal')
  const owner = new pg.Pool({ connectionString: ownerDatabaseUrl, max: 2 })
  const db = createOwnerDb(ownerDatabaseUrl)
  const stops: (() => Promise<void>)[] = []

  /** @param databaseUrl how the receiver reaches the test file's database */
  async function start(databaseUrl = databaseUrls.worker, clock = () => new Date()): Promise<number> {
    const config = {
      DATABASE_URL: databaseUrl,
      WORKER_AUDIT_LISTEN: '127.0.0.1:0',
      WORKER_AUDIT_TLS_CERT: files.certFile,
      WORKER_AUDIT_TLS_KEY: files.keyFile,
      // The fake node's user is in no group of nodes.
      WORKER_AUDIT_CONTROLLERS: ['system:serviceaccounts:argocd', 'spaceport:kwok'],
    }
    const receiver = await startAuditReceiver(config, { log, clock })
    stops.push(receiver.stop)
    return Number(receiver.port)
  }
  const port = await start()
  const sql = async (text: string, values: unknown[] = []): Promise<Record<string, unknown>[]> =>
    (await owner.query<Record<string, unknown>>(text, values)).rows
  const services = () => ({ db, hostname: 'test', at: new Date() })

  async function cluster(name = uniqueName('c').slice(0, 32)) {
    const token = await makeClusterToken(services(), name)
    // Somebody may have asked with another token just now.
    await delay(60)
    const [row] = await sql('SELECT id FROM cluster WHERE name = $1', [name])
    return { name, token, id: String(row?.id) }
  }

  async function person(readable: string) {
    const id = randomUUID()
    const handle = uniqueName(readable)
    await sql(
      `INSERT INTO user_account (id, issuer, subject, handle, name, email) VALUES ($1, 'https://issuer.test', $2, $3, $3, $4)`,
      [id, id, handle, `${handle}@example.com`],
    )
    return { id, handle }
  }

  async function space(clusterId: string, ownerId: string) {
    const id = randomUUID()
    const namespace = uniqueName('lab')
    await sql(
      `INSERT INTO space (id, cluster_id, name, namespace, creation, size, owner_id, status, namespace_uid, first_ready_at)
       VALUES ($1, $2, $3, $3, 'x', 'M', $4, 'ready', $5, now())`,
      [id, clusterId, namespace, ownerId, randomUUID()],
    )
    return { id, namespace }
  }

  /** Sends a body as an API server does. */
  async function send(
    to: { name: string; token: string },
    body: string | Buffer,
    { headers = {}, method = 'POST', at = port, path = `/clusters/${to.name}/audit?timeout=30s` } = {},
  ): Promise<Answer> {
    const request = https.request({
      ...{ host: '127.0.0.1', port: at, ca, method, path, agent: false },
      headers: { authorization: `Bearer ${to.token}`, 'content-type': 'application/json', ...headers },
    })
    // The receiver may answer, and close the connection, before it has read everything.
    const answered = new Promise<IncomingMessage>((resolve, reject) => {
      let failure = new Error('closed without an answer')
      request.on('error', (error) => {
        failure = error
      })
      request.on('response', resolve).on('close', () => reject(failure))
    })
    request.end(body)
    const response = await answered
    let text = ''
    response.setEncoding('utf8')
    for await (const chunk of response) text += chunk
    return { status: response.statusCode ?? 0, retryAfter: response.headers['retry-after'], body: text }
  }

  return {
    ca,
    port,
    sql,
    start,
    cluster,
    person,
    space,
    services,
    send,
    post: (to: { name: string; token: string }, items: readonly unknown[], at = port): Promise<Answer> =>
      send(to, JSON.stringify({ kind: 'EventList', apiVersion: 'audit.k8s.io/v1', items }), { at }),
    /** @returns the rows of the trail that came from a cluster, oldest first */
    rowsOf: (clusterName: string) =>
      sql(
        `SELECT action, route, actor_kind, actor_id, actor_handle, actor_name, target_kind, target_name, space_id, namespace,
           observer, destination, outcome::text, reason, source_address, user_agent, detail, cluster_audit_id, at
         FROM audit_event WHERE observer = $1 ORDER BY seq`,
        [`cluster/${clusterName}`],
      ),
    /** A connection that sends what it is told to. */
    async connect() {
      const socket = tls.connect({ host: '127.0.0.1', port, ca }).on('error', () => {})
      await once(socket, 'secureConnect')
      return socket
    },
    async close() {
      await Promise.all(stops.map((stop) => stop()))
      await Promise.all([owner.end(), db.$disconnect()])
      rmSync(dir, { recursive: true, force: true })
    },
  }
}
