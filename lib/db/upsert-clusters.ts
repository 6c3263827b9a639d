import { randomUUID } from 'node:crypto'
import type { Db } from './client.ts'

/** Makes the configured clusters known. Rows are never removed: spaces and the trail speak of them. */
export async function upsertClusters(db: Db, names: readonly string[]): Promise<void> {
  await db.cluster.createMany({ data: names.map((name) => ({ id: randomUUID(), name })), skipDuplicates: true })
}
