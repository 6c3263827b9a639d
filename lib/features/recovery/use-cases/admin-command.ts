import { open, readFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { parseArgs } from 'node:util'
import { readRecoveryConfig } from '#lib/config/config.ts'
import { loadLivingSpaces, selectDeletingSpaces } from '#lib/features/recovery/db/living-spaces.ts'
import { selectRecoveryLines } from '#lib/features/recovery/db/select-recovery-lines.ts'
import { compareRecovered, type KeptSpace } from '#lib/features/recovery/model/compare-recovered.ts'
import { parseRecoveryFile, type RecoveryInput, recoveryFormat } from '#lib/features/recovery/model/recovery-file.ts'
import { createOwnerDb, type Db } from '#lib/kernel/db/client.ts'
import { createReaderPool, type Pool } from '#lib/kernel/db/pool.ts'
import { type Clusters, connectClusters } from '#lib/kube/client/cluster.ts'
import { readSource } from './read-source.ts'
import { rebuildCluster } from './rebuild-cluster.ts'
import { rebuildDatabase } from './rebuild-database.ts'

const usage = `Usage: bin/spaceport admin export [--to FILE]
       bin/spaceport admin compare
       bin/spaceport admin rebuild --cluster NAME [--yes]
       bin/spaceport admin rebuild --database [--export FILE] [--yes]

  export              writes spaces, owners, members, people, groups and the policy as lines of JSON, and what the clusters
                      say of them. There are no secrets in it, but everybody's names
  compare             Postgres was restored from a backup, and workers haven't started: says what was given or taken since
                      by what the clusters say, and changes nothing
  rebuild --cluster   a cluster was lost, and a fresh one has its name and the manifests: puts everything back onto it
  rebuild --database  Postgres was lost, and there is a fresh, migrated one: puts back what the clusters say
  --export FILE       fills in what they don't, from an export
  --yes               does it; without it, it only says what it would do

KUBECONFIG and SPACEPORT_CLUSTERS are the worker's. DATABASE_URL is the worker's login for an export and a comparison,
which only read, and that of the schema's owner for a rebuild. See docs/backup-and-restore.md.`

async function run(): Promise<void> {
  const { values, positionals } = parseArgs({
    options: {
      to: { type: 'string' },
      cluster: { type: 'string' },
      database: { type: 'boolean', default: false },
      export: { type: 'string' },
      yes: { type: 'boolean', default: false },
    },
    allowPositionals: true,
  })
  const [verb, ...more] = positionals
  const { to, cluster, database, export: file, yes } = values
  const rebuilds = cluster !== undefined || database || file !== undefined || yes
  if (more.length > 0) throw new Error(usage)
  if (verb === 'export' && !rebuilds) return withClusters((url, clusters) => write(url, clusters, to))
  if (verb === 'compare' && !rebuilds && to === undefined) return withClusters(compare)
  if (verb !== 'rebuild' || to !== undefined || (cluster !== undefined) === database || (file && !database))
    throw new Error(usage)
  await withClusters(async (url, clusters) => {
    const db = createOwnerDb(url)
    const how = { db, does: yes, hostname: hostname(), at: new Date(), say: (line: string) => console.log(line) }
    try {
      const due =
        cluster === undefined
          ? await rebuildDatabase({ ...how, clusters, file: file === undefined ? null : await readExport(file) })
          : await rebuildCluster({ ...how, cluster: clusters.get(cluster) })
      if (!due) console.log('There is nothing to do.')
      else if (!yes) console.log('Nothing was changed. Say --yes to do it.')
    } finally {
      await db.$disconnect()
    }
  })
}

async function withClusters(work: (databaseUrl: string, clusters: Clusters) => Promise<void>): Promise<void> {
  const { DATABASE_URL, KUBECONFIG, SPACEPORT_CLUSTERS } = readRecoveryConfig()
  const clusters = connectClusters({ kubeconfig: KUBECONFIG, clusters: SPACEPORT_CLUSTERS })
  try {
    await work(DATABASE_URL, clusters)
  } finally {
    await clusters.close()
  }
}

async function compare(databaseUrl: string, clusters: Clusters): Promise<void> {
  const db = createOwnerDb(databaseUrl)
  try {
    const say = (line: string) => console.log(line)
    const different = await compareInstallation(db, clusters, { at: new Date(), say })
    if (!different) console.log('The clusters and the database say the same.')
  } finally {
    await db.$disconnect()
  }
}

/** Writes an export to a new file that only its owner reads, or to standard output. */
async function write(databaseUrl: string, clusters: Clusters, to: string | undefined): Promise<void> {
  const pool = createReaderPool(databaseUrl, 'spaceport admin export')
  try {
    const lines = exportInstallation(pool, clusters, new Date())
    if (to === undefined) for await (const line of lines) process.stdout.write(line)
    else {
      const file = await open(to, 'wx', 0o600)
      try {
        for await (const line of lines) await file.write(line)
        await file.sync()
      } finally {
        await file.close()
      }
    }
  } finally {
    await pool.end()
  }
}

/** JSON may have what readers of lines take for the end of one: only a line feed is. */
async function readExport(path: string) {
  const lines = (await readFile(path, 'utf8')).split('\n')
  if (lines.at(-1) === '') lines.pop()
  return await parseRecoveryFile(lines)
}

run().catch((error: unknown) => {
  const wrongUse = error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS')
  console.error(wrongUse ? `${error.message}\n${usage}` : error instanceof Error ? error.message : error)
  process.exitCode = 1
})

/**
 * Writes what Spaceport knows of people and spaces, and what each cluster says of them. No secret and no hash of one is in
 * it, and nobody gets in with it; but it names everybody.
 * @returns lines of JSON (recovery-file.ts). A cluster that doesn't answer has a line that says so
 */
async function* exportInstallation(pool: Pool, clusters: Clusters, at: Date): AsyncGenerator<string> {
  let lines = 0
  const render = (line: RecoveryInput) => {
    lines++
    return `${JSON.stringify(line)}\n`
  }
  yield render({ kind: 'begin', ...recoveryFormat, at: at.toISOString() })
  for await (const line of selectRecoveryLines(pool)) yield render(line)
  for (const cluster of clusters.names) {
    const source = await readSource(clusters.get(cluster)).catch((error: unknown) => {
      if (error instanceof Error) return error.message
      throw error
    })
    if (typeof source === 'string') yield render({ kind: 'unread', cluster, why: source })
    else
      for (const said of [...source.people, ...source.spaces, ...source.unclear.map((unclear) => ({ unclear }))])
        yield render({ kind: 'found', cluster, said })
  }
  yield render({ kind: 'end', lines: lines + 1 })
}

/**
 * Says what the clusters and a restored database say differently. It only reads, and is for the time before workers start.
 * @returns whether there was any difference
 * @throws Error in words when a cluster doesn't answer: nobody may take the others for all
 */
async function compareInstallation(
  db: Db,
  clusters: Clusters,
  { at, say }: { at: Date; say: (line: string) => void },
): Promise<boolean> {
  const sources = await Promise.all(clusters.names.map((name) => readSource(clusters.get(name))))
  let different = false
  for (const source of sources) {
    const kept: KeptSpace[] = []
    for await (const { wanted } of loadLivingSpaces(db, source.name, at)) {
      const { id, name, namespace, owner, members, endsAt, grants } = wanted
      const bound = members.map(({ member, role }) => ({ handle: member.handle, role }))
      kept.push({ id, name, namespace, endsAt, grants, owner: owner.handle, members: bound })
    }
    const deleting = await selectDeletingSpaces(db, source.name)
    for (const sentence of compareRecovered(kept, deleting, source)) {
      different = true
      say(`${source.name}: ${sentence}`)
    }
  }
  return different
}
