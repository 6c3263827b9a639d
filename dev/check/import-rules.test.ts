import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { projectRoot } from '#dev/project-root.ts'
import { checkImports, findImportProblems } from './import-rules.ts'

// A small project that breaks the rules, checked by the real dependency-cruiser with the real rules.
const files = {
  'lib/kernel/model/rule.ts': `import { row } from '#lib/kernel/db/row.ts'\nexport const rule = row\n`,
  'lib/kernel/db/row.ts': `import type pg from 'pg'\nexport const row: pg.Client | undefined = undefined\n`,
  'lib/features/spaces/use-cases/act.ts': `import type pg from 'pg'\nimport { line } from '#lib/features/spaces/db/line.ts'\nexport const act: pg.Client | undefined = line\n`,
  'lib/features/spaces/db/line.ts': `import { row } from '#lib/kernel/db/row.ts'\nexport const line = row\n`,
  'lib/features/offers/db/offer.ts': `import { act } from '#lib/features/offers/use-cases/offer.ts'\nexport const found = act\n`,
  'lib/features/offers/use-cases/offer.ts': `import { line } from '#lib/features/spaces/db/line.ts'\nexport const act = line\n`,
  'lib/features/requests/use-cases/ask.ts': `import { act } from '#lib/features/spaces/use-cases/act.ts'\nexport const ask = act\n`,
  'lib/kube/one.ts': `import { two } from './two.ts'\nexport const one = () => two\n`,
  'lib/kube/two.ts': `import { one } from './one.ts'\nexport const two = () => one\n`,
  'components/spaces/list.tsx': `import type { act } from '#lib/features/spaces/use-cases/act.ts'\nexport type List = typeof act\n`,
  'components/ui/button.tsx': `import { List } from '#components/spaces/list.tsx'\nexport const Button = List\n`,
  'lib/web/process/base.ts': `import { verb } from '#lib/web/action/verb.ts'\nexport const base = verb\n`,
  'lib/web/action/verb.ts': `export const verb = 1\n`,
  'lib/kernel/define/define-use-case.ts': `export const defineUseCase = 1\n`,
  'lib/features/access/use-cases/own.ts': `import { defineUseCase } from '#lib/kernel/define/define-use-case.ts'\nexport const own = defineUseCase\n`,
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
  problems = await checkImports(root, null)
}, 30_000)
afterAll(() => {
  process.env.PATH = path
  rmSync(root, { recursive: true, force: true })
})

test.each([
  [
    'a folder that the table does not allow',
    /^lib\/kernel\/model\/rule\.ts → lib\/kernel\/db\/row\.ts: lib\/kernel\/model may/,
  ],
  [
    'a type of such a folder',
    /^components\/spaces\/list\.tsx → lib\/features\/spaces\/use-cases\/act\.ts: components\/spaces may/,
  ],
  [
    'a package that only other folders may use',
    /^lib\/features\/spaces\/use-cases\/act\.ts → .*pg.*: only lib\/kernel\/db and /,
  ],
  [
    'use cases from the queries of a feature',
    /^lib\/features\/offers\/db\/offer\.ts → lib\/features\/offers\/use-cases\/offer\.ts: /,
  ],
  [
    'the queries of another feature',
    /^lib\/features\/offers\/use-cases\/offer\.ts → lib\/features\/spaces\/db\/line\.ts: /,
  ],
  [
    'a feature from shared components',
    /^components\/ui\/button\.tsx → components\/spaces\/list\.tsx: components\/ui may/,
  ],
  [
    'a part of the same folder that the table does not allow',
    /^lib\/web\/process\/base\.ts → lib\/web\/action\/verb\.ts: of lib\/web, .* may import only the files of lib\/web itself/,
  ],
  [
    'a file that only another folder may use',
    /^lib\/features\/access\/use-cases\/own\.ts → lib\/kernel\/define\/define-use-case\.ts: only lib\/kernel\/define may import/,
  ],
  ['a cycle', /^lib\/kube\/(one|two)\.ts → .*: no cycles/],
  ['a missing file', /^lib\/web\/lost\.ts → .*: every import resolves/],
])('importing %s is found', (_what, expected) => {
  expect(problems).toContainEqual(expect.stringMatching(expected))
})

test('imports that the table allows pass', () => {
  expect(problems.filter((problem) => problem.startsWith('lib/kernel/db/row.ts'))).toEqual([])
  expect(problems.filter((problem) => problem.startsWith('lib/features/requests'))).toEqual([])
  expect(problems).not.toContainEqual(expect.stringMatching(/^lib\/features\/spaces\/use-cases\/act\.ts → lib\//))
})

test('a source that the tool skipped is a problem, so a tool that understands nothing can’t pass', () => {
  const cruise = { modules: [], summary: { violations: [] } }
  expect(findImportProblems(cruise, ['lib/web/lost.ts'], null)).toEqual(['lib/web/lost.ts was not checked'])
})

test('a row that no import needs, and a feature without a row, are problems', () => {
  const dependencies = [{ resolved: 'lib/features/spaces/model/name.ts', module: '' }]
  const modules = [
    { source: 'lib/features/requests/model/a.ts', dependencies },
    { source: 'components/bin/list.tsx', dependencies: [] },
  ]
  const problems = findImportProblems({ modules, summary: { violations: [] } }, [])
  expect(problems).toContainEqual(expect.stringContaining('“requests uses access”'))
  expect(problems).not.toContainEqual(expect.stringContaining('“requests uses spaces”'))
  expect(problems).toContainEqual('bin has no row in import-table.mjs')
})
