import { z } from 'zod'
import type { FenceFault } from '#lib/features/clusters/model/fence-fault.ts'
import { Prisma } from '#lib/kernel/db/client.ts'
import type { Pool } from '#lib/kernel/db/pool.ts'
import { runSql } from '#lib/kernel/db/run-sql.ts'
import { AppError } from '#lib/kernel/model/errors.ts'

const faultsSchema = z.array(z.object({ policy: z.string(), fault: z.string() }))

export type ClusterState = {
  /** Faults in the admission policies; empty: none, or not checked yet. */
  faults: FenceFault[]
  /** When the policies were last proved to be in force, all of them. */
  provedAt: Date | null
  /** Rights that Spaceport did not give, one sentence each. */
  rights: string[]
}

/** @returns what the worker last found on a cluster; @throws AppError cluster_unknown */
export async function readClusterState(pool: Pool, cluster: string): Promise<ClusterState> {
  const [row] = await runSql<{ faults: unknown; provedAt: Date | null; rights: unknown }>(
    pool,
    Prisma.sql`
    SELECT fence_faults AS faults, fences_proved_at AS "provedAt", rights_findings AS rights
    FROM cluster WHERE name = ${cluster}`,
  )
  if (!row) throw new AppError('cluster_unknown')
  return {
    faults: faultsSchema.parse(row.faults),
    provedAt: row.provedAt,
    rights: z.array(z.string()).parse(row.rights),
  }
}
