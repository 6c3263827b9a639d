import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parseEnvironment } from '#lib/config/environment.ts'
import { maxConnections } from './max-connections.ts'

const read = (path: string) => readFileSync(new URL(`../../docs/${path}`, import.meta.url), 'utf8')
const page = read('configuration.md')
const rows = new Map(
  page
    .slice(page.indexOf('\n## Connections to Postgres'), page.indexOf('\n## Fixed by the code'))
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .map((line) => line.split('|').map((cell) => cell.trim()))
    .map(([, name = '', formula = '', sum = '']) => [name, { formula, sum }] as const),
)

const byDefault = parseEnvironment(['DATABASE_CONNECTIONS', 'DATABASE_LOCK_CONNECTIONS'], {})
const limits = { queries: byDefault.DATABASE_CONNECTIONS, locks: byDefault.DATABASE_LOCK_CONNECTIONS, clusters: 1 }

/** @returns the value of a sum like `2Q + L·C + 1` */
const evaluate = (formula: string, symbols: Readonly<Record<string, number>>): number =>
  formula
    .split('+')
    .map((term) => [...term.matchAll(/\d+|[A-Z]/g)].reduce((product, [f]) => product * (symbols[f] ?? Number(f)), 1))
    .reduce((sum, term) => sum + term, 0)

test.each(['web', 'worker', 'gateway'] as const)('the documentation says how many connections %s opens', (name) => {
  expect(rows.get(name)?.sum).toBe(String(maxConnections[name](limits)))
  for (const [queries, locks, clusters] of [
    [4, 4, 1],
    [7, 5, 3],
  ] as const)
    expect(evaluate(rows.get(name)?.formula ?? '', { Q: queries, L: locks, C: clusters })).toBe(
      maxConnections[name]({ queries, locks, clusters }),
    )
})

test('the documentation says what an installation needs, and Postgres allows it by default', () => {
  const sum = 2 * maxConnections.web(limits) + maxConnections.worker(limits) + maxConnections.gateway(limits)
  expect(rows.get('two of web, one worker, one gateway')?.sum).toBe(String(sum))
  expect(read('own-cluster.md')).toContain(`hold up to ${sum} connections`)
  expect(sum).toBeLessThan(97)
})
