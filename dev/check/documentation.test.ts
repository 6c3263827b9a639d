import { existsSync, globSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { projectRoot } from '#dev/project-root.ts'
import { anchorOf } from './anchor-of.ts'

const read = (path: string) => readFileSync(join(projectRoot, path), 'utf8')
const pages = globSync(['*.md', 'docs/**/*.md'], { cwd: projectRoot })
const withoutCode = (text: string) => text.replace(/^ *```[\s\S]*?^ *```/gm, '')

/** Code spans that look like a file or folder of the project. */
const pathsIn = (text: string) =>
  [...withoutCode(text).matchAll(/`((?:app|components|lib|dev|deploy|docs|prisma)\/[^`\s…{*<]*)`/g)].map(
    ([, path = '']) => path,
  )

test.each(pages)('%s names only files that exist', (page) => {
  expect(pathsIn(read(page)).filter((path) => !existsSync(join(projectRoot, path)))).toEqual([])
})

const sources = globSync(
  ['{app,bench,bin,components,deploy,dev,e2e,lib,prisma}/**/*.{ts,tsx,mjs,js,css,yaml,prisma}', '*.{ts,js,mjs}'],
  {
    cwd: projectRoot,
    exclude: ['lib/kernel/db/generated/**', '**/node_modules/**', '**/.next/**'],
  },
)
const fileNames = new Set(
  globSync(['*', '{app,bench,bin,components,deploy,dev,docs,e2e,lib,prisma}/**/*'], { cwd: projectRoot }).map((path) =>
    basename(path),
  ),
)
const commentsIn = (path: string) =>
  (path.endsWith('.yaml')
    ? read(path).match(/(?<=^|\s)#.*$/gm)
    : read(path).match(/\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*$/gm)) ?? []
/** File names in comments: `listen.ts`, `lib/kernel/db/listen.ts`, `SECURITY.md`. */
const fileInComment = /(?<![\w./@*-])(?:[\w.[\]-]+\/)*[\w[\]-][\w.[\]-]*\.(?:md|tsx?|mjs|prisma|yaml)(?![\w.]*\w)/g

test('comments name only files that exist', () => {
  expect(sources.length).toBeGreaterThan(500)
  const missing = sources.flatMap((source) =>
    commentsIn(source)
      .flatMap((comment) => comment.match(fileInComment) ?? [])
      .filter((path) => !(path.includes('/') ? existsSync(join(projectRoot, path)) : fileNames.has(path)))
      .map((path) => `${source}: ${path}`),
  )
  expect(missing).toEqual([])
})

const anchorsOf = (text: string) =>
  [...withoutCode(text).matchAll(/^#+ (.*)$/gm)].map(([, title = '']) => anchorOf(title))

test.each(pages)('%s has no broken links', (page) => {
  const targets = [...withoutCode(read(page)).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !/^https?:/.test(target))
  const missing = targets.filter((target) => {
    const [file = '', anchor] = target.split('#')
    const path = file === '' ? page : join(dirname(page), file)
    if (!existsSync(join(projectRoot, path))) return true
    return anchor !== undefined && !anchorsOf(read(path)).includes(anchor)
  })
  expect(missing).toEqual([])
})

test.each(pages)('%s has only valid YAML', (page) => {
  const blocks = [...read(page).matchAll(/^( *)```yaml\n([\s\S]*?)^\1```/gm)].map(([, , block = '']) => block)
  expect(blocks.flatMap((block) => parseAllDocuments(block).flatMap(({ errors }) => errors))).toEqual([])
})

const providers = pages.filter((page) => page.startsWith('docs/identity-providers/'))
test.each(providers)('%s explains the registration, groups, sign-outs and rechecks', (page) => {
  const text = read(page)
  expect(text).toContain('{SPACEPORT_URL}/api/auth/callback/oidc')
  for (const word of ['groups', 'back-channel logout', 'auth_time', 'OIDC_RECHECK_MINUTES', 'OIDC_ISSUER'])
    expect(text).toContain(word)
})

const clusters = pages.filter((page) => page.startsWith('docs/clusters/'))
test.each(clusters)('%s lists what was tested, and which ranges to deny', (page) => {
  const text = read(page)
  expect(text).toContain('Not tried by us')
  for (const word of ['spaceport-broker', 'SPACEPORT_DENIED_CIDRS', '## Audit', '## Known gaps', 'DNS'])
    expect(text).toContain(word)
})

const decisions = pages.filter((page) => page.startsWith('docs/adr/'))
test.each(decisions)('%s has a number, a date and the four sections', (page) => {
  const text = read(page)
  const number = Number(/\d{4}/.exec(page)?.[0])
  expect(text).toMatch(
    new RegExp(`^# ${number}\\. \\S.*\nAccepted on 20\\d\\d-\\d\\d-\\d\\d(, amended on 20\\d\\d-\\d\\d-\\d\\d)?\\.\n`),
  )
  const sections = [...text.matchAll(/^## (.*)$/gm)].map(([, title]) => title)
  expect(sections).toEqual(['Question', 'Decision', 'Why not otherwise', 'What follows'])
})

test('each test quoted in docs/invariants.md is in the file named there', () => {
  const [, ...invariants] = read('docs/invariants.md').split(/^\d+\. /m)
  expect(invariants).toHaveLength(10)
  for (const invariant of invariants) {
    const files = [...invariant.matchAll(/`([^`]+)`: ((?:“[^”]+”(?:, )?)+)/g)]
    expect(files.length, invariant).toBeGreaterThan(0)
    for (const [, file = '', quotes = ''] of files)
      for (const [, name = ''] of quotes.matchAll(/“([^”]+)”/g)) expect(read(file)).toContain(`'${name}'`)
  }
})

test('each guarantee names tests that exist', () => {
  const rows = [...read('docs/guarantees.md').matchAll(/^\| (.+) \|$/gm)]
    .map(([, row = '']) => row)
    .filter((row) => row !== 'holds | shown by' && row !== '--- | ---')
  expect(rows.length).toBeGreaterThan(100)
  for (const row of rows) {
    const [, sentence = '', files = ''] = /^(.+[.)]) \| ((?:`[^`]+`(?:, )?)+)$/.exec(row) ?? []
    expect(sentence, row).not.toBe('')
    for (const [, file = ''] of files.matchAll(/`([^`]+)`/g)) {
      expect(file).toMatch(/\.(?:test|itest|spec)\.tsx?$/)
      expect(existsSync(join(projectRoot, file)), file).toBe(true)
    }
  }
})

test('the fences in SECURITY.md are the shipped ones', () => {
  const text = read('SECURITY.md')
  const section = text.slice(text.indexOf('### The fences'), text.indexOf('## Guarantees'))
  const listed = [...section.matchAll(/^\| `([^`]+)`/gm)].map(([, name]) => name)
  const policies = /^kind: ValidatingAdmissionPolicy\nmetadata:\n {2}name: (\S+)/gm
  const shipped = [...read('deploy/cluster-chart/templates/60-fences.yaml').matchAll(policies)].map(([, name]) => name)
  expect(listed).toEqual(shipped)
})
