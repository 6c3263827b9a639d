import { randomUUID } from 'node:crypto'
import type { Db } from '#lib/kernel/db/client.ts'
import { AppError } from '#lib/kernel/model/errors.ts'

/** Adds missing rows for the configured clusters. Rows are never removed: spaces and the trail reference them. */
export async function upsertClusters(db: Db, names: readonly string[]): Promise<void> {
  await db.cluster.createMany({ data: names.map((name) => ({ id: randomUUID(), name })), skipDuplicates: true })
}

/** Rows of clusters are never removed or renamed, so each is read once per process. */
const known = new WeakMap<Db, Map<string, string>>()

/** @throws AppError cluster_unknown */
export async function readClusterId(db: Db, name: string): Promise<string> {
  const ids = known.get(db) ?? new Map<string, string>()
  known.set(db, ids)
  const remembered = ids.get(name)
  if (remembered !== undefined) return remembered
  const row = await db.cluster.findUnique({ where: { name }, select: { id: true } })
  if (!row) throw new AppError('cluster_unknown')
  ids.set(name, row.id)
  return row.id
}
