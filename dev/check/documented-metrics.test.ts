import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { projectRoot } from '#dev/project-root.ts'
import { createMetrics } from '#lib/gateway/metrics.ts'
import { metrics } from '#lib/observability/metrics.ts'

const read = (...path: string[]) => readFileSync(join(projectRoot, ...path), 'utf8')

const alerts = z.object({ alerts: z.array(z.looseObject({ expr: z.string() })) })

type Metric = { name: string; type: string; labels: string; says: string }

/** prom-client's own representation of a metric. */
type Registered = { name: string; help: string; labelNames: readonly string[]; constructor: { name: string } }

function registered(): Metric[] {
  const gateway = createMetrics({
    openStreams: () => 0,
    trailQueue: () => 0,
    connections: () => 0,
    certificateEndsAt: () => new Date(0),
  })
  return [gateway.registry, metrics().registry].flatMap((registry) =>
    (registry.getMetricsAsArray() as unknown as Registered[])
      .filter(({ name }) => name.startsWith('spaceport_'))
      .map(({ name, help, labelNames, constructor: kind }) => ({
        name,
        type: kind.name.toLowerCase(),
        labels: labelNames.map((label) => `\`${label}\``).join(', '),
        says: help,
      })),
  )
}

function documented(): Metric[] {
  const rows = [...read('docs', 'metrics.md').matchAll(/^\| `(spaceport_\w+)` \| (\w+) \| (.*?) \| (.*) \|$/gm)]
  return rows.map(([, name = '', type = '', labels = '', says = '']) => ({ name, type, labels: labels.trim(), says }))
}

const byName = (one: Metric, other: Metric) => one.name.localeCompare(other.name)

test('docs/metrics.md lists exactly the existing metrics, with types, labels and help', () => {
  const all = registered()
  expect(all.length).toBeGreaterThan(30)
  expect(documented().sort(byName)).toEqual(all.sort(byName))
})

test('metric names follow Prometheus’ conventions: a unit, and _total for counters', () => {
  for (const { name, type } of registered()) {
    if (type === 'counter') expect(name).toMatch(/_total$/)
    else expect(name).not.toMatch(/_(total|count|sum|bucket)$/)
    if (type === 'histogram') expect(name).toMatch(/_seconds$/)
  }
})

test('each metric in a query of docs/metrics.md, of the dashboards and of the alerts exists, with the labels used', () => {
  const known = new Map(registered().map(({ name, labels }) => [name, labels]))
  const queries = [
    ...[...read('docs', 'metrics.md').matchAll(/```promql\n([\s\S]*?)```/g)].map(([, query = '']) => query),
    ...['people', 'operation'].flatMap((name) =>
      [...read('deploy', 'chart', 'dashboards', `${name}.json`).matchAll(/"expr": ("(?:[^"\\]|\\.)*")/g)].map(
        ([, text = '']): string => JSON.parse(text),
      ),
    ),
    ...alerts.parse(parse(read('deploy', 'chart', 'alerts.yaml'))).alerts.map(({ expr }) => expr),
  ].filter((query) => query.includes('spaceport_'))
  expect(queries.length).toBeGreaterThan(30)
  for (const query of queries) {
    const used = [...query.matchAll(/(spaceport_\w+?)(?:_bucket|_sum|_count)?(?:\{([^}]*)\})?(?=[^\w{]|$)/g)]
    expect(used, query).not.toEqual([])
    for (const [, name = '', selector = ''] of used) {
      expect(known.has(name), `${name} in ${query}`).toBe(true)
      for (const [, label = ''] of selector.matchAll(/(\w+)\s*[=!]/g).filter(([, label]) => label !== 'le'))
        expect(known.get(name), query).toContain(`\`${label}\``)
    }
  }
})

test('the dashboards are valid for Grafana: each panel has a position, a title and a query', () => {
  const uids = ['people', 'operation'].map((name) => {
    const board = JSON.parse(read('deploy', 'chart', 'dashboards', `${name}.json`))
    expect(board.title).toMatch(/^Spaceport/)
    expect(board.panels.length).toBeGreaterThan(5)
    for (const panel of board.panels) {
      expect(panel.title).not.toBe('')
      expect(panel.gridPos).toEqual({
        x: expect.any(Number),
        y: expect.any(Number),
        w: expect.any(Number),
        h: expect.any(Number),
      })
      if (panel.type !== 'row') expect(panel.targets.length).toBeGreaterThan(0)
    }
    const ids = board.panels.map(({ id }: { id: number }) => id)
    expect(new Set(ids).size).toBe(ids.length)
    return board.uid
  })
  expect(new Set(uids).size).toBe(2)
})
