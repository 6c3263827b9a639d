import { globSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const page = readFileSync('docs/logs.md', 'utf8')
const documented = new Set([...page.matchAll(/^\| `(\w+)` \|/gm)].map(([, name = '']) => name))

const call = /\b(?:log|webLog\(\))\.(?:trace|debug|info|warn|error|fatal)\(\s*\{/g

/** @returns the text up to the brace that closes the object which starts before it */
function insideOf(text: string): string {
  let depth = 1
  for (let at = 0; at < text.length; at++) {
    const char = text[at] ?? ''
    if ('{[('.includes(char)) depth++
    if ('}])'.includes(char)) depth--
    if (depth === 0) return text.slice(0, at)
  }
  throw new Error('an object of the log is not closed')
}

/** @returns the names of an object's own fields, without spread ones */
function fieldsOf(object: string): string[] {
  let depth = 0
  let field = ''
  const fields: string[] = []
  for (const char of `${object},`) {
    if ('{[('.includes(char)) depth++
    if ('}])'.includes(char)) depth--
    if (char === ',' && depth === 0) {
      fields.push(field)
      field = ''
    } else field += char
  }
  return fields.map((one) => /^\s*(\w+)/.exec(one)?.[1] ?? '').filter(Boolean)
}

/** The fields of spread or passed objects: of failed requests, deliveries, Space objects and clusters’ audit. */
const spread = [
  ...['digest', 'method', 'requestId', 'cluster', 'state', 'error', 'nextAttemptAt', 'namespace', 'name'],
  ...['all', 'grave', 'clusterId', 'minute', 'key'],
]

test('the page has exactly the fields of the logs', () => {
  const used = new Set(['level', 'time', 'process', 'msg', 'traceId', ...spread])
  const files = globSync('{lib,app,components}/**/*.{ts,tsx}', {
    exclude: ['**/*.test.ts', '**/*.itest.ts', 'lib/kernel/db/generated/**'],
  })
  for (const file of files) {
    const text = readFileSync(file, 'utf8')
    for (const { index, 0: begun } of text.matchAll(call))
      for (const field of fieldsOf(insideOf(text.slice(index + begun.length)))) used.add(field)
  }
  expect(used.size).toBeGreaterThan(30)
  expect([...used].sort()).toEqual([...documented].sort())
})
