/**
 * `node dev/testing/dying-process.ts`: runs one use case and kills itself (SIGKILL) just before its first call to the
 * outside after its n-th change there: a commit or a write in Postgres, or a write to the API server. Between two
 * changes, it doesn't matter when it dies. Standard input has the task as JSON. Exits with 0 when it finished first.
 */
import { flushCompileCache } from 'node:module'
import { text } from 'node:stream/consumers'
import pg from 'pg'
import { Client as HttpClient } from 'undici'
import { createSpace } from '#lib/features/spaces/use-cases/create-space.ts'
import { deleteSpace } from '#lib/features/spaces/use-cases/delete-space.ts'
import type { Actor } from '#lib/kernel/model/people/person.ts'
import { openServices } from '#lib/kernel/use-case/open-services.ts'
import { wrapContext } from '#lib/kernel/use-case/wrap-context.ts'

type Order = {
  action: 'create' | 'delete'
  name: string
  actor: Actor
  diesAfter: number
  databaseUrl: string
  kubeconfig: string
}

// Its parent provides a compile cache, which a killed process does not write.
flushCompileCache()

const order = JSON.parse(await text(process.stdin)) as Order
const { services, close } = await openServices('web', {
  DATABASE_URL: order.databaseUrl,
  DATABASE_CONNECTIONS: 4,
  DATABASE_LOCK_CONNECTIONS: 4,
  KUBECONFIG: order.kubeconfig,
  SPACEPORT_CLUSTERS: [],
  SPACEPORT_SPACE_LIMIT: 100,
  SPACEPORT_MAX_SIZE: 'M',
  SPACEPORT_NAMESPACE_PREFIX: '',
  SPACEPORT_RESERVED_NAMES: [],
  SPACEPORT_NAME_RESERVED_DAYS: 30,
  SPACEPORT_DENIED_CIDRS: [],
  SPACEPORT_DNS_PEERS: [],
  SPACEPORT_INGRESS_SUFFIXES: [],
  SPACEPORT_PLATFORM_NAMESPACES: [],
  LOG_LEVEL: 'fatal',
  timeLimits: { lock: 12_000, transaction: 60_000 },
})

let changes = 0
function beforeCall(isChange: boolean): void {
  if (changes === order.diesAfter) process.kill(process.pid, 'SIGKILL')
  if (isChange) changes++
}

const inTransaction = new WeakSet<pg.Client>()
/** What is written in a transaction counts when it commits. */
function isWrite(client: pg.Client, statement: unknown): boolean {
  const given = typeof statement === 'string' ? statement : (statement as { text: string }).text
  const text = given.replace(/\/\*.*?\*\//gs, '').trim()
  if (/^(BEGIN|START)\b/i.test(text)) inTransaction.add(client)
  if (/^(COMMIT|ROLLBACK)\b/i.test(text)) return inTransaction.delete(client) && /^COMMIT/i.test(text)
  return !inTransaction.has(client) && !/^(BEGIN|START|SET|SHOW|LISTEN)\b/i.test(text) && !isRead(text)
}
const isRead = (text: string) => /^SELECT\b/i.test(text) && !/add_job|_reconcile|_event/i.test(text)

const query = pg.Client.prototype.query
Object.assign(pg.Client.prototype, {
  query(this: pg.Client, ...args: unknown[]) {
    beforeCall(isWrite(this, args[0]))
    return Reflect.apply(query, this, args)
  },
})
const dispatch = HttpClient.prototype.dispatch
Object.assign(HttpClient.prototype, {
  dispatch(this: HttpClient, ...args: [{ method: string; path: string }, ...unknown[]]) {
    const [{ method, path }] = args
    beforeCall(method !== 'GET' && !/dryRun=|\/authorization\.k8s\.io\//.test(path))
    return Reflect.apply(dispatch, this, args)
  },
})

const origin = { observer: 'web/test' as const, requestId: `dies-${order.diesAfter}` }
const ctx = wrapContext({ ...services, patienceMs: 60_000 }, order.actor, origin)
if (order.action === 'create') await createSpace(ctx, { name: order.name, description: '', size: 'S', endsAt: null })
else await deleteSpace(ctx, { space: { name: order.name }, confirmation: order.name })
await close()
