import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { previousRelease } from '#dev/testing/portal/previous-release.ts'
import { listMigrations } from '#lib/kernel/db/migrate/list-migrations.ts'
import { checkMigration } from './check-migration.ts'

test.each([
  'CREATE TABLE "a" ("id" UUID NOT NULL); CREATE UNIQUE INDEX "a_idx" ON "a"("id"); ALTER TABLE "a" ADD CONSTRAINT "f" FOREIGN KEY ("id") REFERENCES "b"("id");',
  'ALTER TABLE "space" ADD COLUMN "note" TEXT, ADD COLUMN "at" TIMESTAMPTZ(3) NOT NULL DEFAULT now()',
  `ALTER TABLE "space" ADD COLUMN "list" JSONB NOT NULL DEFAULT '[]'; GRANT SELECT ("list") ON "space" TO spaceport_web`,
  `ALTER TABLE space ADD CONSTRAINT c CHECK (note <> 'DROP TABLE space; --') NOT VALID`,
  'CREATE INDEX CONCURRENTLY "space_note_idx" ON "space"("note")',
  'CREATE OR REPLACE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $body$ BEGIN UPDATE space SET a = 1; DROP TABLE x; END $body$',
  `-- DROP TABLE space\n/* ; DROP TABLE space; */ COMMENT ON TABLE space IS 'it''s; DROP TABLE space'`,
  '-- brief: one row for each cluster\nCREATE INDEX "cluster_idx" ON "cluster"("name")',
  '-- contract after 0.2.0: nothing reads it since\nALTER TABLE "space" DROP COLUMN "note"',
  `ALTER TYPE "space_status" ADD VALUE 'frozen'`,
  '-- survives: uses aren’t noted until it is replaced\nREVOKE UPDATE ON "space" FROM "spaceport_worker"',
])('an expansion passes: %s', (script) => {
  expect(checkMigration(script, '0.2.0')).toEqual([])
})

test.each([
  'ALTER TABLE "space" DROP COLUMN "note"',
  'DROP TABLE IF EXISTS space',
  'drop function f(int)',
  'DROP INDEX "space_idx"',
  'DROP TRIGGER "space_notify" ON "space"',
  'ALTER TABLE "space" RENAME COLUMN "a" TO "b"',
  'ALTER TABLE "space" ALTER COLUMN "a" TYPE BIGINT',
  'ALTER TABLE "space" ALTER COLUMN "a" SET DATA TYPE BIGINT',
  'ALTER TABLE "space" ALTER COLUMN "a" SET NOT NULL',
  'ALTER TABLE "space" ALTER "a" DROP DEFAULT',
  'ALTER TABLE "space" ADD COLUMN "a" TEXT NOT NULL',
  'ALTER TABLE "space" ADD COLUMN "b" TEXT, ADD COLUMN "a" TEXT NOT NULL',
  'ALTER TABLE "space" ADD COLUMN "a" UUID DEFAULT gen_random_uuid()',
  'ALTER TABLE "space" ADD COLUMN "a" BIGSERIAL',
  'ALTER TABLE "space" ADD CONSTRAINT "c" CHECK ("a" > 0)',
  'REVOKE UPDATE ON "space" FROM "spaceport_worker"',
  'CREATE INDEX "space_a" ON "space"("a")',
  'CREATE UNIQUE INDEX CONCURRENTLY "space_a" ON "space"("a")',
  'CREATE TABLE "a" ("id" INT); UPDATE "space" SET "a" = 1',
  'DELETE FROM space',
  'LOCK TABLE space',
  '-- brief: it is not that\nDROP TABLE space',
  '-- survives: it does not\nDROP TABLE space',
  '-- survives:\nREVOKE UPDATE ON "space" FROM "spaceport_worker"',
  '-- contract after 0.2.1: not released yet\nDROP TABLE space',
  '-- contract after 0.10.0: not released yet\nDROP TABLE space',
  '-- contract after 0.2.0:\nDROP TABLE space',
  '-- brief: elsewhere\nSELECT 1; CREATE INDEX i ON space(a)',
])('a change that may break the previous release is named: %s', (script) => {
  expect(checkMigration(script, '0.2.0')).toHaveLength(1)
})

test('nothing is contracted before there is a release', () => {
  expect(checkMigration('-- contract after 0.0.1: why\nDROP TABLE space', null)).toHaveLength(1)
})

test('every migration since the last release is an expansion', async () => {
  const { release, migration } = previousRelease()
  const all = await listMigrations()
  expect(all.map((one) => one.name)).toContain(migration)
  const since = all.filter((one) => one.name > migration)
  expect(since.flatMap((one) => checkMigration(one.sql, release).map((fault) => `${one.name}: ${fault}`))).toEqual([])
})

test('the release matches the package and the changelog', () => {
  const { release } = previousRelease()
  const changelog = readFileSync(new URL('../../CHANGELOG.md', import.meta.url), 'utf8')
  const newest = /^## \[?(\d+\.\d+\.\d+)/m.exec(changelog)?.[1] ?? null
  expect(release).toBe(newest)
})
