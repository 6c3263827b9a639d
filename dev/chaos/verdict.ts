import { readFileSync } from 'node:fs'
import pg from 'pg'
import { runCaptured } from '#dev/process/run-captured.ts'
import { launcher, projectRoot } from '#dev/project-root.ts'
import { createKubectl, type Kubectl } from '#dev/testing/kubectl.ts'
import { checkActions } from './check-actions.ts'
import { unanswered } from './compare-actions.ts'
import { compareObjects } from './compare-objects.ts'
import { numberLabel } from './objects-actor.ts'
import type { ChaosRecord } from './record.ts'
import type { Pairs } from './start-pairs.ts'

/** How long pending work may take after the last process is back, in milliseconds. */
const settleMs = 90_000

type Query = <T>(sql: string) => Promise<T[]>

/** Compares the confirmed actions, the database, the trail and the cluster, once everything has settled. */
export async function judge(pairs: Pairs, workSpace: string, record: ChaosRecord): Promise<void> {
  const { stack, ownerDatabaseUrl } = pairs
  const admin = createKubectl({ program: stack.binaries?.kubectl ?? 'kubectl', kubeconfig: stack.adminKubeconfig })
  const client = new pg.Client({ connectionString: ownerDatabaseUrl })
  await client.connect()
  const query: Query = async (sql) => (await client.query(sql)).rows
  const violate = (text: string) => record.violations.push(text)
  try {
    await settle(query, violate)
    record.violations.push(...compareObjects(await listNumbers(admin, workSpace), record))
    record.violations.push(...(await checkActions(client, record.confirmed)))
    for (const action of unanswered(record.confirmed))
      violate(`No ${action} was answered in time: no outcome of one was compared`)
    await compareTrail(query, stack.auditLog ?? '', violate)
    await compareSpaces(query, admin, violate)
    await compareRights(query, admin, violate)
    await verifyChain(ownerDatabaseUrl, violate)
  } finally {
    await client.end()
  }
}

async function settle(query: Query, violate: (text: string) => void): Promise<void> {
  const until = Date.now() + settleMs
  for (;;) {
    const open = await query<{ name: string; status: string }>(
      "SELECT name, status FROM space WHERE status IN ('creating', 'deleting', 'failed')",
    )
    if (open.length === 0) return
    if (Date.now() > until) {
      for (const { name, status } of open) violate(`${name} is still ${status} after ${settleMs / 1_000} s`)
      return
    }
    await new Promise((resolve) => setTimeout(resolve, 500))
  }
}

type Listed = { items: { metadata: { name: string; labels?: Record<string, string> } }[] }

const list = async <T>(admin: Kubectl, ...args: readonly string[]): Promise<T> =>
  JSON.parse(await admin.ok(['get', ...args, '-o', 'json']))

/** @returns the number of each existing object that a client created */
async function listNumbers(admin: Kubectl, workSpace: string): Promise<string[]> {
  const { items } = await list<Listed>(admin, 'configmaps', '-n', workSpace, '-l', numberLabel)
  return items.map(({ metadata }) => metadata.labels?.[numberLabel] ?? '')
}

/**
 * Each change that the API server carried out for a person is in the trail, by its Audit-ID, and was carried out once.
 */
async function compareTrail(query: Query, auditLog: string, violate: (text: string) => void): Promise<void> {
  const done = new Map<string, number>()
  for (const line of readFileSync(auditLog, 'utf8').trim().split('\n')) {
    if (!line.includes('"impersonatedUser"') || !line.includes('"ResponseComplete"')) continue
    const event = JSON.parse(line)
    const isChange = ['create', 'update', 'patch', 'delete'].includes(event.verb) && event.responseStatus?.code < 300
    // Spaceport proves the fences by dry runs, one of which the API server allows.
    const isDryRun = new URL(event.requestURI, 'https://cluster').searchParams.get('dryRun') === 'All'
    if (!isChange || isDryRun || !['configmaps', 'pods'].includes(event.objectRef?.resource)) continue
    done.set(event.auditID, (done.get(event.auditID) ?? 0) + 1)
  }
  const rows = await query<{ id: string }>(
    'SELECT DISTINCT cluster_audit_id AS id FROM audit_event WHERE cluster_audit_id IS NOT NULL',
  )
  const told = new Set(rows.map(({ id }) => id))
  if (done.size === 0) violate('The cluster’s audit has no change by a person: nothing was compared')
  for (const [id, times] of done) {
    if (!told.has(id)) violate(`The trail lacks a change that the cluster carried out: ${id}`)
    if (times > 1) violate(`The cluster carried out a change ${times} times: ${id}`)
  }
}

/** Exactly one namespace for each undeleted space. */
async function compareSpaces(query: Query, admin: Kubectl, violate: (text: string) => void): Promise<void> {
  const spaces = await query<{ namespace: string }>("SELECT namespace FROM space WHERE status = 'ready'")
  const { items } = await list<Listed>(admin, 'namespaces', '-l', 'spaceport.dev/space-id')
  const wanted = spaces.map(({ namespace }) => namespace).sort()
  const there = items
    .map(({ metadata }) => metadata.name)
    .filter((name) => !isOurs(name))
    .sort()
  if (wanted.length === 0) violate('No space is left: nothing was compared')
  if (JSON.stringify(wanted) !== JSON.stringify(there))
    violate(`Namespaces are ${there.join(', ')}; the spaces are ${wanted.join(', ')}`)
  const twice = await query<{ name: string }>(
    "SELECT name FROM space WHERE status <> 'deleted' GROUP BY cluster_id, name HAVING count(*) > 1",
  )
  for (const { name } of twice) violate(`There are two spaces called ${name}`)
}

/** Spaceport's own namespaces: the fences are proved in one that looks like a space. */
const isOurs = (namespace: string) => namespace.startsWith('spaceport-')

type Bindings = {
  items: { metadata: { name: string; namespace: string }; subjects?: { name: string }[] }[]
}

/** The people bound on the cluster are exactly those with a role in the database. */
async function compareRights(query: Query, admin: Kubectl, violate: (text: string) => void): Promise<void> {
  const grants = await query<{ namespace: string; role: string; handle: string }>(
    `SELECT space.namespace, role::text, handle FROM space_grant
       JOIN space ON space.id = space_id JOIN user_account ON user_account.id = space_grant.user_id
      WHERE space.status = 'ready' AND removed_at IS NULL AND starts_at <= now() AND (space_grant.ends_at IS NULL OR space_grant.ends_at > now())
      UNION SELECT namespace, 'admin', handle FROM space JOIN user_account ON user_account.id = owner_id WHERE status = 'ready'`,
  )
  const { items } = await list<Bindings>(admin, 'rolebindings', '-A')
  const bound = items.flatMap(({ metadata, subjects = [] }) =>
    metadata.name.startsWith('spaceport:') && !isOurs(metadata.namespace)
      ? subjects.map(({ name }) => `${metadata.namespace} ${metadata.name.slice('spaceport:'.length)} ${name}`)
      : [],
  )
  const wanted = grants.map(({ namespace, role, handle }) => `${namespace} ${role} ${handle}`)
  for (const one of bound) if (!wanted.includes(one)) violate(`A right is left open: ${one}`)
  for (const one of wanted) if (!bound.includes(one)) violate(`A right is missing: ${one}`)
}

async function verifyChain(databaseUrl: string, violate: (text: string) => void): Promise<void> {
  const { status, output } = await runCaptured(launcher, ['audit-verify'], {
    cwd: projectRoot,
    env: { DATABASE_URL: databaseUrl },
  })
  if (status !== 0) violate(`The trail’s chain doesn’t verify: ${output.trim().slice(-500)}`)
}
