import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { findIdiom } from './find-idiom.ts'
import { markersIn } from './markers.ts'
import { textsOf } from './texts-of.ts'

const root = mkdtempSync(join(tmpdir(), 'spaceport-english-'))
afterAll(() => rmSync(root, { recursive: true }))

const plain = 'The worker checks each space once a minute.'
const idiom = 'Whoever asks is told what became of it.'

function write(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), text)
}

test('a phrase is found in any case, whole words only', () => {
  expect(markersIn(idiom)).toEqual(['whoever', 'is told', 'what became of'])
  expect(markersIn('Standing orders, understood; the renewal')).toEqual([])
})

test('comments, strings and test titles are texts; code in them, imports, SQL and class names are not', () => {
  const source = [
    "import { nobody } from './whoever/is-told.ts'",
    '/** Nobody calls `whoever`. */',
    "const title = 'somebody signs in again'",
    "const classes = 'flex flex-wrap items-center gap-2'",
    "const statement = 'SELECT whose FROM somebody'",
    'const view = <p>Meanwhile the page waits</p>',
  ].join('\n')
  expect(textsOf('components/view.tsx', source)).toEqual([
    { kind: 'comments', line: 2, text: 'Nobody calls `…`.' },
    { kind: 'strings', line: 3, text: 'somebody signs in again' },
    { kind: 'strings', line: 6, text: 'Meanwhile the page waits' },
  ])
  expect(textsOf('lib/view.test.ts', "test('nobody gets in', () => {})")).toEqual([
    { kind: 'test titles', line: 1, text: 'nobody gets in' },
  ])
  expect(textsOf('docs/page.md', 'Text\n```\nwhoever\n```\nmore `anew`')).toEqual([
    { kind: 'docs', line: 1, text: 'Text' },
    { kind: 'docs', line: 5, text: 'more `…`' },
  ])
  expect(textsOf('deploy/values.yaml', 'key: nobody\n# of somebody')).toEqual([
    { kind: 'comments', line: 2, text: 'of somebody' },
  ])
})

test('a folder with too many phrases fails, by kind of text; one phrase is no habit', () => {
  write('docs/good.md', `${plain}\n`.repeat(50))
  write('lib/good/a.ts', `// ${plain}\n`.repeat(50))
  write('lib/bad/a.ts', [...Array.from({ length: 50 }, () => plain), idiom].map((text) => `// ${text}`).join('\n'))
  write('lib/bad/b.ts', `export const text = '${plain}'\n`)
  write('lib/once/a.ts', `// ${plain}\n// ${plain} Nobody waits.\n`)
  expect(findIdiom(root)).toEqual([
    expect.stringMatching(/^comments of lib\/bad: 3 in 408 words, 74 per 10,000 .*lib\/bad\/a\.ts:51 “whoever”/),
  ])
})
