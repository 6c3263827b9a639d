import { globSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { projectRoot } from '#dev/project-root.ts'

const read = (file: string) => readFileSync(`${projectRoot}/${file}`, 'utf8')

/** Where a use case's context comes from. Each of these refuses, or sends to the sign-in page, whoever has no session. */
const doors = {
  'lib/web/page/page-context.ts': 'pageContext',
  'lib/web/action/action-context.ts': 'actionContext',
  'lib/web/page/live-space.ts': 'liveSpace',
}

/** @returns the use cases that a module imports; their types, schemas and results need no context */
const importedUseCases = (text: string): string[] =>
  [...text.matchAll(/^import \{([^}]*)\} from '#lib\/broker\//gm)]
    .flatMap(([, names = '']) => names.split(','))
    .map((name) => name.trim())
    .filter((name) => name !== '' && !name.startsWith('type ') && !name.endsWith('Input') && name !== 'spaceKey')

const callers = globSync('app/**/*.{ts,tsx}', { cwd: projectRoot }).filter(
  (file) => !/\.test\.tsx?$/.test(file) && importedUseCases(read(file)).length > 0,
)

test.each(Object.entries(doors))('%s lets nobody pass without a session', (file, door) => {
  const text = read(file)
  expect(text).toMatch(new RegExp(`export (async function|const) ${door}\\b`))
  expect(text).toMatch(/if \(!(actor|session)\)/)
})

test('there are modules that run use cases', () => expect(callers.length).toBeGreaterThan(10))

test.each(callers)('%s gets its context by one of those doors, and makes none itself', (file) => {
  const text = read(file)
  expect(text).toMatch(/\b(pageContext|readSpacePage|readContext|liveSpace|brokerAction|brokerCall)\(/)
  expect(text).not.toMatch(/lib\/web\/services|contextFor\(/)
})
