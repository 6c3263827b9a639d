import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parseEnvironment } from '#lib/config/environment.ts'
import { connectionsOf, maxConnections, maxConnectionsThroughPooler } from './max-connections.ts'

const read = (path: string) => readFileSync(new URL(`../../../docs/${path}`, import.meta.url), 'utf8')
const page = read('configuration.md')
const rowsOf = (from: string, to: string) =>
  page
    .slice(page.indexOf(`\n${from}`), page.indexOf(`\n${to}`))
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .map((line) => line.split('|').map((cell) => cell.trim()))
const rows = new Map(
  rowsOf('## Connections to Postgres', '### Through PgBouncer').map(
    ([, name = '', formula = '', sum = '']) => [name, { formula, sum }] as const,
  ),
)
const rowsThroughPooler = new Map(
  rowsOf('### Through PgBouncer', '## Fixed by the code').map(
    ([, name = '', pooler = '', direct = '', sums = '']) => [name, { pooler, direct, sums }] as const,
  ),
)

const byDefault = parseEnvironment(['DATABASE_CONNECTIONS', 'DATABASE_LOCK_CONNECTIONS'], {})
const limits = { queries: byDefault.DATABASE_CONNECTIONS, locks: byDefault.DATABASE_LOCK_CONNECTIONS, clusters: 1 }

/** @returns the value of a sum like `2Q + L·C + 1` */
const evaluate = (formula: string, symbols: Readonly<Record<string, number>>): number =>
  formula
    .split('+')
    .map((term) => [...term.matchAll(/\d+|[A-Z]/g)].reduce((product, [f]) => product * (symbols[f] ?? Number(f)), 1))
    .reduce((sum, term) => sum + term, 0)

test.each(['web', 'worker', 'gateway'] as const)('the documentation states how many connections %s opens', (name) => {
  expect(rows.get(name)?.sum).toBe(String(maxConnections[name](limits)))
  for (const [queries, locks, clusters] of [
    [4, 4, 1],
    [7, 5, 3],
  ] as const)
    expect(evaluate(rows.get(name)?.formula ?? '', { Q: queries, L: locks, C: clusters })).toBe(
      maxConnections[name]({ queries, locks, clusters }),
    )
})

test.each(['web', 'worker', 'gateway'] as const)('it states how many %s opens to a pooler, and directly', (name) => {
  const row = rowsThroughPooler.get(name)
  const { pooler, direct } = maxConnectionsThroughPooler[name](limits)
  expect(row?.sums).toBe(`${pooler} and ${direct}`)
  expect(connectionsOf(name, limits, true)).toEqual({ direct, pooler })
  const symbols = { Q: 7, L: 5, C: 3 }
  expect({ pooler: evaluate(row?.pooler ?? '', symbols), direct: evaluate(row?.direct ?? '', symbols) }).toEqual(
    maxConnectionsThroughPooler[name]({ queries: 7, locks: 5, clusters: 3 }),
  )
})

test('the documentation states what an installation needs, which Postgres allows by default', () => {
  const sum = 2 * maxConnections.web(limits) + maxConnections.worker(limits) + maxConnections.gateway(limits)
  expect(rows.get('two of web, one worker, one gateway')?.sum).toBe(String(sum))
  expect(read('own-cluster.md')).toContain(`hold up to ${sum} connections`)
  expect(sum).toBeLessThan(97)
})
