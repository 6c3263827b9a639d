import { expect, test } from 'vitest'
import { concurrentIndexOf } from '#lib/kernel/db/migrate/apply-migration.ts'
import { listMigrations } from '#lib/kernel/db/migrate/list-migrations.ts'
import { statementsOf } from './statements-of.ts'

/** Statements that end a transaction, or can't be in one: https://www.postgresql.org/docs/current/sql-commands.html. */
const outside =
  /^(begin|start transaction|commit|end|abort|rollback|savepoint|release|prepare transaction|vacuum|reindex .*concurrently|(create|drop) index concurrently|(create|drop) (unique )?(database|tablespace|subscription)|create unique index concurrently|alter system|cluster;?$|discard|call|copy)\b/i

const faultsIn = (sql: string): string[] => {
  const texts = statementsOf(sql).map(({ text }) => text)
  if (concurrentIndexOf(sql) !== null) return texts.slice(1)
  return texts.filter((text) => outside.test(text))
}

test('every migration can be applied in one transaction, or is one concurrent index', async () => {
  const migrations = await listMigrations()
  expect(migrations.length).toBeGreaterThan(0)
  expect(migrations.flatMap(({ name, sql }) => faultsIn(sql).map((fault) => `${name}: ${fault}`))).toEqual([])
})

test.each([
  'COMMIT',
  'CREATE TABLE a (id int); BEGIN; INSERT INTO a VALUES (1); COMMIT',
  'CREATE TABLE a (id int); CREATE INDEX CONCURRENTLY i ON a (id)',
  'CREATE INDEX CONCURRENTLY i ON a (id); CREATE INDEX j ON a (id)',
  'DROP INDEX CONCURRENTLY i',
  'VACUUM a',
])('a migration that can’t be is found: %s', (sql) => {
  expect(faultsIn(sql)).not.toEqual([])
})

test.each([
  [`CREATE INDEX CONCURRENTLY "space_note_idx" ON "space"("note")`, '"space_note_idx"'],
  ['-- why\n/* and how */\ncreate unique index concurrently if not exists i on a (id)', 'i'],
  ['CREATE INDEX i ON a (id)', null],
  ['-- CREATE INDEX CONCURRENTLY i ON a (id)\nSELECT 1', null],
])('the concurrent index of a migration is found by name: %s', (sql, name) => {
  expect(concurrentIndexOf(sql)).toBe(name)
})
