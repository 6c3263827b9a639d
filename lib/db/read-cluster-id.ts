import { AppError } from '../domain/errors.ts'
import type { Db } from './client.ts'

/** @returns the id of a cluster's row; @throws AppError cluster_unknown */
export async function readClusterId(db: Db, name: string): Promise<string> {
  const row = await db.cluster.findUnique({ where: { name }, select: { id: true } })
  if (!row) throw new AppError('cluster_unknown')
  return row.id
}
