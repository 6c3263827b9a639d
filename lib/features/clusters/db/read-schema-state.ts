import type { Db } from '#lib/kernel/db/client.ts'

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
