import { createHash, randomUUID } from 'node:crypto'
import pg from 'pg'
import type { Migration } from './list-migrations.ts'

/*
 * The migrations table of Prisma's tools: https://github.com/prisma/prisma-engines, sql-schema-connector. A migration
 * is applied if it has a row with `finished_at` and without `rolled_back_at`.
 */

const createTable = `
  CREATE TABLE IF NOT EXISTS _prisma_migrations (
    id                  VARCHAR(36) PRIMARY KEY NOT NULL,
    checksum            VARCHAR(64) NOT NULL,
    finished_at         TIMESTAMPTZ,
    migration_name      VARCHAR(255) NOT NULL,
    logs                TEXT,
    rolled_back_at      TIMESTAMPTZ,
    started_at          TIMESTAMPTZ NOT NULL DEFAULT now(),
    applied_steps_count INTEGER NOT NULL DEFAULT 0
  )`

/**
 * Of two sessions that create a table at once, the later one fails despite IF NOT EXISTS: with duplicate_table, or
 * duplicate_object for its row type, if the other committed just before; else with unique_violation on a catalog.
 */
const isCreatedByAnother = (error: unknown): boolean =>
  error instanceof pg.DatabaseError && ['23505', '42710', '42P07'].includes(error.code ?? '')

export async function createMigrationTable(owner: pg.ClientBase): Promise<void> {
  if (await hasMigrationTable(owner)) return
  try {
    await owner.query(createTable)
  } catch (error) {
    if (!isCreatedByAnother(error)) throw error
  }
}

async function hasMigrationTable(client: pg.ClientBase): Promise<boolean> {
  const { rows } = await client.query<{ there: boolean }>(
    `SELECT to_regclass('_prisma_migrations') IS NOT NULL AS there`,
  )
  return rows[0]?.there === true
}

export type AppliedMigration = { name: string; checksum: string }

/** @returns the applied migrations, oldest first; none without the table */
export async function selectAppliedMigrations(client: pg.ClientBase): Promise<AppliedMigration[]> {
  if (!(await hasMigrationTable(client))) return []
  const { rows } = await client.query<AppliedMigration>(
    `SELECT migration_name AS name, checksum FROM _prisma_migrations
     WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL ORDER BY migration_name`,
  )
  return rows
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

/** @returns whether a migration has the recorded checksum, with any line endings */
export function hasChecksum({ sql }: Migration, checksum: string): boolean {
  const unix = sql.replaceAll('\r\n', '\n')
  return [sql, unix, unix.replaceAll('\n', '\r\n')].some((text) => sha256(text) === checksum)
}

export async function insertApplied(owner: pg.ClientBase, { name, sql }: Migration, startedAt: Date): Promise<void> {
  await owner.query(
    `INSERT INTO _prisma_migrations (id, checksum, migration_name, started_at, finished_at, applied_steps_count)
     VALUES ($1, $2, $3, $4, clock_timestamp(), 1)`,
    [randomUUID(), sha256(sql), name, startedAt],
  )
}

/** Records a failed migration that left nothing behind, so that it can be applied again. */
export async function insertFailed(
  owner: pg.ClientBase,
  { name, sql }: Migration,
  startedAt: Date,
  logs: string,
): Promise<void> {
  await owner.query(
    `INSERT INTO _prisma_migrations (id, checksum, migration_name, started_at, rolled_back_at, logs)
     VALUES ($1, $2, $3, $4, clock_timestamp(), $5)`,
    [randomUUID(), sha256(sql), name, startedAt, logs],
  )
}
