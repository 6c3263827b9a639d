import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { spanAttributes } from '#lib/observability/span-attributes.ts'

test('docs/traces.md explains exactly the attributes that may leave the process', () => {
  const rows = readFileSync('docs/traces.md', 'utf8')
    .split('\n')
    .filter((line) => /^\| `[a-z]+\.[a-z_.]+`/.test(line))
  const documented = rows.flatMap((row) =>
    [...(row.split('|')[1] ?? '').matchAll(/`([a-z_.]+)`/g)].map(([, name]) => name),
  )
  expect(documented.sort()).toEqual([...spanAttributes].sort())
})
