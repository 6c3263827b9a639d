import { z } from 'zod'
import type { FenceFault } from '#lib/features/clusters/model/fence-fault.ts'
import { type Db, Prisma } from '#lib/kernel/db/client.ts'
import type { Pool } from '#lib/kernel/db/pool.ts'
import { runSql } from '#lib/kernel/db/run-sql.ts'
import { AppError } from '#lib/kernel/model/errors.ts'

const faultsSchema = z.array(z.object({ policy: z.string(), fault: z.string() }))

export type ClusterState = {
  /** Faults in the admission policies; empty: none, or not checked yet. */
  faults: FenceFault[]
  /** When all policies were last proved to be in force. */
  provedAt: Date | null
  /** Rights that Spaceport did not grant, one sentence each. */
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

/** How far the database's schema is migrated. @throws what the driver throws when the database cannot be reached */
export async function readSchemaState(db: Db): Promise<{ migrated: boolean; unfinished: string[] }> {
  const [tables] = await db.$queryRaw<{ ours: boolean; queue: boolean }[]>`
    SELECT to_regclass('public._prisma_migrations') IS NOT NULL AND to_regclass('public.audit_event') IS NOT NULL AS ours,
      EXISTS (SELECT FROM pg_namespace n JOIN pg_class c ON c.relnamespace = n.oid
        WHERE n.nspname = 'graphile_worker' AND c.relname = '_private_jobs') AS queue`
  if (!tables?.ours || !tables.queue) return { migrated: false, unfinished: [] }
  const unfinished = await db.$queryRaw<{ name: string }[]>`
    SELECT migration_name AS name FROM _prisma_migrations WHERE finished_at IS NULL AND rolled_back_at IS NULL`
  return { migrated: unfinished.length === 0, unfinished: unfinished.map(({ name }) => name) }
}
