import { z } from 'zod'
import type { Db, Tx } from './client.ts'

/** @returns the rights that the worker last found on a cluster and Spaceport did not give, one sentence each */
export async function readRightsFindings(db: Db | Tx, cluster: string): Promise<string[]> {
  const row = await db.cluster.findUniqueOrThrow({ where: { name: cluster }, select: { rightsFindings: true } })
  return z.array(z.string()).parse(row.rightsFindings)
}
