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

  export              writes spaces, owners, members, people, groups and the policy, and the clusters' own data, as lines of
                      JSON. It contains no secrets, but everyone's names
  compare             for a Postgres restored from a backup, before workers start: lists what was granted or removed since
                      the backup according to the clusters, and changes nothing
  rebuild --cluster   for a lost cluster, replaced by a fresh one with its name and the manifests: recreates everything on it
  rebuild --database  for a lost Postgres, replaced by a fresh, migrated one: restores what the clusters record
  --export FILE       adds what they don't record, from an export
  --yes               applies the changes; without it, they are only listed

KUBECONFIG and SPACEPORT_CLUSTERS are the worker's. DATABASE_URL is the worker's login for "export" and "compare",
which only read, and the schema owner's for "rebuild". See docs/backup-and-restore.md.`

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
    const how = { db, apply: yes, hostname: hostname(), at: new Date(), print: (line: string) => console.log(line) }
    try {
      const due =
        cluster === undefined
          ? await rebuildDatabase({ ...how, clusters, file: file === undefined ? null : await readExport(file) })
          : await rebuildCluster({ ...how, cluster: clusters.get(cluster) })
      if (!due) console.log('There is nothing to do.')
      else if (!yes) console.log('Nothing was changed. Run this again with --yes to do it.')
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
    const print = (line: string) => console.log(line)
    const different = await compareInstallation(db, clusters, { at: new Date(), print })
    if (!different) console.log('The clusters and the database agree.')
  } finally {
    await db.$disconnect()
  }
}

/** Writes an export to standard output, or to a new file that only its owner can read. */
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

/** Some readers split lines at characters that JSON allows in strings. Here, only a line feed ends a line. */
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
 * Reads Spaceport's data about people and spaces, and each cluster's. It contains no secrets or hashes of them, and
 * gives no one access, but it does contain everyone's names.
 * @returns lines of JSON (recovery-file.ts). An unreachable cluster has a line of kind "unread"
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
 * Prints the differences between the clusters and a restored database. Only reads; meant to run before workers start.
 * @returns whether there are differences
 * @throws Error in words if a cluster doesn't answer, since a partial comparison could be mistaken for a full one
 */
async function compareInstallation(
  db: Db,
  clusters: Clusters,
  { at, print }: { at: Date; print: (line: string) => void },
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
      print(`${source.name}: ${sentence}`)
    }
  }
  return different
}
