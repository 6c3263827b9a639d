import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runCaptured } from '#dev/process/run-captured.ts'
import { projectRoot } from '#dev/project-root.ts'

const readsEnvironment = ['lib/kernel/x.ts', 'lib/gateway/x.ts', 'app/page.tsx', 'components/ui/x.tsx']
const mayReadEnvironment = 'lib/config/x.ts'
const forgetsPromise = 'lib/kernel/forgets.ts'
const dir = mkdtempSync(join(tmpdir(), 'spaceport-lint-'))
let found = ''

const write = (file: string, source: string) => {
  mkdirSync(dirname(join(dir, file)), { recursive: true })
  writeFileSync(join(dir, file), source)
}

const reachesUp = 'lib/kernel/spaces/reaches-up.ts'
const insideFolder = 'lib/kernel/spaces/inside-folder.ts'

beforeAll(async () => {
  cpSync(join(projectRoot, 'biome.json'), join(dir, 'biome.json'))
  for (const file of [...readsEnvironment, mayReadEnvironment]) {
    write(file, 'export const url = process.env.DATABASE_URL\n')
  }
  write(forgetsPromise, 'async function save(): Promise<void> {}\nexport function act() {\n  save()\n}\n')
  write(reachesUp, "export { act } from '../forgets.ts'\nexport { x } from './below/x.ts'\n")
  write(insideFolder, "export { act } from './reaches-up.ts'\nexport { x } from '#lib/config/x.ts'\n")
  const biome = join(projectRoot, 'node_modules', '@biomejs', 'biome', 'bin', 'biome')
  found = (await runCaptured(process.execPath, [biome, 'lint', '--reporter=github', '.'], { cwd: dir })).output
})
afterAll(() => rmSync(dir, { recursive: true, force: true }))

const linesOf = (file: string) =>
  found
    .split('\n')
    .filter((line) => line.includes(`/${file},`))
    .join('\n')

test.each(readsEnvironment)('reading the environment in %s is an error', (file) => {
  expect(linesOf(file)).toContain('lint/style/noProcessEnv')
})

test('the environment may be read where it is parsed', () => {
  expect(linesOf(mayReadEnvironment)).not.toContain('noProcessEnv')
})

test('a promise that isn’t awaited is an error', () => {
  expect(linesOf(forgetsPromise)).toContain('lint/nursery/noFloatingPromises')
})

test('relative imports across folders are errors, and no others', () => {
  expect(linesOf(reachesUp).match(/noRestrictedImports/g)).toHaveLength(2)
  expect(linesOf(insideFolder)).not.toContain('noRestrictedImports')
})
