import { globSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { projectRoot } from '#dev/project-root.ts'

/* Every query is a function of a `db` folder. The import table keeps Prisma and pg there; this test keeps their
 * calls there too, which need no import: any code with `ctx.db` could make one. Tests and fixtures query the
 * database directly. */

const read = (file: string) => readFileSync(`${projectRoot}/${file}`, 'utf8')
const isTest = (file: string) => /\.i?test\.tsx?$|-fixture\.ts$/.test(file)
const isQuery = (file: string) => /^lib\/.*\/db\//.test(file)
const files = globSync(['{app,components,lib}/**/*.{ts,tsx}', '*.ts'], { cwd: projectRoot }).filter(
  (file) => !isTest(file) && !isQuery(file),
)

const models = [...read('prisma/schema.prisma').matchAll(/^model (\w+) \{/gm)].map(
  ([, name = '']) => `${name.charAt(0).toLowerCase()}${name.slice(1)}`,
)
const own = '(find(Many|First|Unique)(OrThrow)?|(create|update)Many(AndReturn)?|deleteMany|upsert)'
const shared = '(create|update|delete|count|aggregate|groupBy)'

const forbidden: Readonly<Record<string, RegExp>> = {
  'a call of a model': new RegExp(
    String.raw`\.\s*${own}\s*\(|\.\s*(${models.join('|')})\s*\.\s*(${own}|${shared})\s*\(`,
  ),
  'a model taken out of the client': /\}\s*=\s*(\w+\s*\.\s*)*(db|tx)\b(?!\s*[.(])/,
  'SQL or a transaction by Prisma': /\$(queryRaw|executeRaw|transaction|extends)/,
  'SQL by pg': /\b(pool|client)\s*\.\s*query\s*[(<]/,
  'Prisma as a value': /import \{[^}]*(?<!type )\bPrisma\b[^}]*\} from/,
}

/** @returns the kinds of queries in a module */
const queriesIn = (text: string): string[] =>
  Object.entries(forbidden)
    .filter(([, pattern]) => pattern.test(text))
    .map(([name]) => name)

test.each([
  ['a call of a model', 'await ctx.db.space.findMany({ where: { name } })'],
  ['a call of a model', 'await tx.grant\n  .update({ where: { id }, data })'],
  ['a call of a model', 'await tx.credential.count()'],
  ['a call of a model', 'const spaces = ctx.db.space\nreturn spaces.findUnique({ where: { id } })'],
  ['a model taken out of the client', 'const { space } = ctx.db\nreturn space.count()'],
  ['SQL or a transaction by Prisma', 'await db.$queryRaw`SELECT 1`'],
  ['SQL or a transaction by Prisma', 'await ctx.db.$transaction(async (tx) => work(tx))'],
  ['SQL by pg', "await ctx.pool.query('SELECT 1')"],
  ['Prisma as a value', "import { Prisma, type Tx } from '#lib/kernel/db/client.ts'"],
])('%s is found: %s', (what, source) => {
  expect(queriesIn(source)).toEqual([what])
})

test.each([
  'await insertGrant(tx, { spaceId: space.id })',
  'const counts = Object.groupBy(rows, ({ kind }) => kind)',
  'params.delete(name)',
  'const { name } = space',
  'const { rows } = await selectSpaces(ctx.db, who)',
  "import type { Db, Tx } from '#lib/kernel/db/client.ts'",
])('code without queries passes: %s', (source) => {
  expect(queriesIn(source)).toEqual([])
})

test('no module outside of a db folder makes a query', () => {
  expect(files.length).toBeGreaterThan(400)
  const found = files.flatMap((file) => queriesIn(read(file)).map((what) => `${file}: ${what}`))
  expect(found).toEqual([])
})

/** @returns the functions and constants that a module exports */
const exportsOf = (file: string): string[] =>
  [...read(file).matchAll(/^export (?:async )?(?:function\*?|const) (\w+)/gm)].map(([, name = '']) => name)

test('no query has the same name in another layer', () => {
  const ofDb = globSync('lib/**/db/**/*.ts', { cwd: projectRoot, exclude: ['**/generated/**'] }).filter(
    (file) => !isTest(file),
  )
  const names = new Set(ofDb.flatMap(exportsOf))
  expect(names.size).toBeGreaterThan(80)
  const twice = files.flatMap((file) => exportsOf(file).flatMap((name) => (names.has(name) ? `${file}: ${name}` : [])))
  expect(twice).toEqual([])
})
