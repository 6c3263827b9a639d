import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import type { Migration } from './list-migrations.ts'
import { insertApplied, insertFailed } from './migration-rows.ts'

/**
 * A session waiting for a table lock blocks all later ones, even readers. So a migration waits this long, lets the
 * others go first, and retries. Well below Postgres’ deadlock_timeout (1 s), so that a deadlock ends the migration's
 * attempt, not a session.
 */
export const lockTimeoutMs = 400
const pauseMs = 500
/** About three minutes. */
const attempts = 200

/** Postgres: lock_not_available. */
const isLockTimeout = (error: unknown): boolean => error instanceof pg.DatabaseError && error.code === '55P03'

/**
 * Applies a migration and records it in one transaction. CREATE INDEX CONCURRENTLY can't run in one: it is a migration
 * of its own, and is completed after an interruption.
 * @param owner the only user of its connection, with `lockTimeoutMs` as its lock_timeout
 * @throws Error with the file, line, SQLSTATE and message of a failed statement; nothing is applied, and the failure is
 * recorded
 */
export async function applyMigration(owner: pg.Client, migration: Migration): Promise<void> {
  const index = concurrentIndexOf(migration.sql)
  for (let attempt = 1; ; attempt++) {
    const startedAt = new Date()
    try {
      if (index === null) await applyAtOnce(owner, migration, startedAt)
      else await applyIndex(owner, migration, index, startedAt)
      return
    } catch (error) {
      if (isLockTimeout(error) && attempt < attempts) await delay(pauseMs)
      else throw await recordFailure(owner, migration, startedAt, error)
    }
  }
}

async function applyAtOnce(owner: pg.Client, migration: Migration, startedAt: Date): Promise<void> {
  await owner.query('BEGIN')
  try {
    // One query, however many statements: a function's body may contain semicolons.
    await owner.query(migration.sql)
    await insertApplied(owner, migration, startedAt)
    await owner.query('COMMIT')
  } catch (error) {
    // Without a connection there is no transaction either.
    await owner.query('ROLLBACK').catch(() => {})
    throw error
  }
}

/** @returns the name of the index that a migration creates CONCURRENTLY; null: none */
export function concurrentIndexOf(sql: string): string | null {
  const statement = sql.replace(/--[^\n]*|\/\*[\s\S]*?\*\//g, ' ').trimStart()
  const made = /^CREATE\s+(?:UNIQUE\s+)?INDEX\s+CONCURRENTLY\s+(?:IF\s+NOT\s+EXISTS\s+)?("[^"]+"|\w+)/i.exec(statement)
  return made?.[1] ?? null
}

/** An interruption leaves an invalid index (https://www.postgresql.org/docs/current/sql-createindex.html). */
async function applyIndex(owner: pg.Client, migration: Migration, index: string, startedAt: Date): Promise<void> {
  const { rows } = await owner.query<{ valid: boolean }>(
    'SELECT indisvalid AS valid FROM pg_index WHERE indexrelid = to_regclass($1)',
    [index],
  )
  // It waits for every older transaction, and blocks no other session.
  await owner.query('SET lock_timeout = 0')
  try {
    if (rows[0]?.valid === false) await owner.query(`DROP INDEX CONCURRENTLY ${index}`)
    if (rows[0]?.valid !== true) await owner.query(migration.sql)
  } finally {
    await owner.query(`SET lock_timeout = ${lockTimeoutMs}`)
  }
  await insertApplied(owner, migration, startedAt)
}

async function recordFailure(owner: pg.Client, migration: Migration, startedAt: Date, error: unknown): Promise<Error> {
  const file = `prisma/migrations/${migration.name}/migration.sql`
  if (!(error instanceof pg.DatabaseError)) {
    const why = error instanceof Error ? error.message : String(error)
    return new Error(
      `${file} was interrupted: ${why}. It was applied completely or not at all: run the migrations again.`,
      { cause: error },
    )
  }
  const place = error.position === undefined ? '' : `, ${placeOf(migration.sql, Number(error.position))}`
  const failure = `${file}${place}: ${error.message} (SQLSTATE ${error.code})`
  const lines = [
    failure,
    // Not recorded: they may contain personal data, and web and worker can read the table.
    error.detail,
    error.hint,
    'Nothing of this migration was applied; earlier ones were. Fix the cause and run the migrations again.',
    await insertFailed(owner, migration, startedAt, failure).catch(
      (reason: Error) => `The failure could not be recorded: ${reason.message}`,
    ),
  ]
  return new Error(lines.filter(Boolean).join('\n'), { cause: error })
}

/** @param position of a character, counted from 1 as in Postgres */
function placeOf(sql: string, position: number): string {
  const lines = [...sql]
    .slice(0, position - 1)
    .join('')
    .split('\n')
  return `line ${lines.length}, column ${[...(lines.at(-1) ?? '')].length + 1}`
}
