import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { projectRoot } from '#dev/project-root.ts'
import { checkImports, findImportProblems } from './import-rules.ts'

// A small project that breaks the rules, checked by the real dependency-cruiser with the real rules.
const files = {
  'lib/domain/rule.ts': `import { row } from '#lib/db/row.ts'\nexport const rule = row\n`,
  'lib/db/row.ts': `import type pg from 'pg'\nexport const row: pg.Client | undefined = undefined\n`,
  'lib/broker/act.ts': `import type pg from 'pg'\nimport { row } from '#lib/db/row.ts'\nexport const act: pg.Client | undefined = row\n`,
  'lib/kube/one.ts': `import { two } from './two.ts'\nexport const one = () => two\n`,
  'lib/kube/two.ts': `import { one } from './one.ts'\nexport const two = () => one\n`,
  'components/list.tsx': `import type { act } from '#lib/broker/act.ts'\nexport type List = typeof act\n`,
  'lib/broker/use-case/base.ts': `import { verb } from '#lib/broker/spaces/verb.ts'\nexport const base = verb\n`,
  'lib/broker/spaces/verb.ts': `export const verb = 1\n`,
  'lib/broker/define/mint.ts': `export const mint = 1\n`,
  'lib/broker/access/own.ts': `import { mint } from '#lib/broker/define/mint.ts'\nexport const own = mint\n`,
  'lib/web/lost.ts': `import { nowhere } from './nowhere.ts'\nexport const lost = nowhere\n`,
}
const root = realpathSync(mkdtempSync(join(tmpdir(), 'spaceport-imports-')))
const path = process.env.PATH
let problems: string[] = []

beforeAll(async () => {
  for (const file of ['package.json', 'tsconfig.json', '.dependency-cruiser.cjs', 'dev/check/import-table.mjs']) {
    cpSync(join(projectRoot, file), join(root, file))
  }
  symlinkSync(join(projectRoot, 'node_modules'), join(root, 'node_modules'))
  for (const [file, source] of Object.entries(files)) {
    mkdirSync(dirname(join(root, file)), { recursive: true })
    writeFileSync(join(root, file), source)
  }
  process.env.PATH = [join(projectRoot, 'node_modules', '.bin'), path].join(delimiter)
  problems = await checkImports(root)
}, 30_000)
afterAll(() => {
  process.env.PATH = path
  rmSync(root, { recursive: true, force: true })
})

test.each([
  [
    'a folder that the table does not allow',
    /^lib\/domain\/rule\.ts → lib\/db\/row\.ts: lib\/domain may import nothing/,
  ],
  ['a type of such a folder', /^components\/list\.tsx → lib\/broker\/act\.ts: components may import only/],
  ['a package that only another folder may use', /^lib\/broker\/act\.ts → .*pg.*: only lib\/db and prisma may import/],
  [
    'a part of the same folder that the table does not allow',
    /^lib\/broker\/use-case\/base\.ts → lib\/broker\/spaces\/verb\.ts: of lib\/broker, .* may import only itself/,
  ],
  [
    'a file that only another folder may use',
    /^lib\/broker\/access\/own\.ts → lib\/broker\/define\/mint\.ts: only lib\/broker\/define may import/,
  ],
  ['a cycle', /^lib\/kube\/(one|two)\.ts → .*: no cycles/],
  ['a file that is not there', /^lib\/web\/lost\.ts → .*: every import resolves/],
])('importing %s is found', (_what, expected) => {
  expect(problems).toContainEqual(expect.stringMatching(expected))
})

test('what the table allows is no problem', () => {
  expect(problems.filter((problem) => problem.startsWith('lib/db/row.ts'))).toEqual([])
  expect(problems).not.toContainEqual(expect.stringMatching(/^lib\/broker\/act\.ts → lib\/db/))
})

test('a source that the tool skipped is a problem, so that understanding nothing is not a pass', () => {
  const cruise = { modules: [], summary: { violations: [] } }
  expect(findImportProblems(cruise, ['lib/db/row.ts'])).toContain('lib/db/row.ts was not checked')
})

test('an exception that is no longer needed is a problem', () => {
  const cruise = { modules: [{ source: 'app/page.tsx', dependencies: [] }], summary: { violations: [] } }
  const exceptions = [{ from: '^app/api/', to: '^lib/auth/' }]
  expect(findImportProblems(cruise, ['app/page.tsx'], exceptions)).toEqual([
    expect.stringContaining('is no longer needed'),
  ])
})
