import { randomUUID } from 'node:crypto'
import type { Db } from '#lib/kernel/db/client.ts'

/** Adds rows for the configured clusters. Rows are never removed: spaces and the trail refer to them. */
export async function upsertClusters(db: Db, names: readonly string[]): Promise<void> {
  await db.cluster.createMany({ data: names.map((name) => ({ id: randomUUID(), name })), skipDuplicates: true })
}
