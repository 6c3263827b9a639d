import { globSync, readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import type { Manifest } from '#lib/kernel/model/spaces/manifest.ts'
import { type Helm, openRendered } from './helm.ts'

/** Alerts and dashboards for the operator. */
let helm: Helm
let least: Manifest[]
let full: Manifest[]

beforeAll(async () => {
  ;({ helm, least, full } = await openRendered())
}, 600_000)
afterAll(() => helm.close())

test('each alert uses existing metrics, and has its section in the runbooks', () => {
  const rule = full.find(({ kind }) => kind === 'PrometheusRule')
  const alert = z.object({
    alert: z.string(),
    expr: z.string(),
    annotations: z.object({ runbook_url: z.string(), summary: z.string() }),
  })
  const groups = z.object({ spec: z.object({ groups: z.array(z.object({ rules: z.array(alert) })) }) }).parse(rule)
  const alerts = groups.spec.groups.flatMap(({ rules }) => rules)
  const code = globSync('lib/{observability,gateway}/metrics.ts')
    .map((file) => readFileSync(file, 'utf8'))
    .join()
  const page = readFileSync('docs/runbooks.md', 'utf8')
  expect(alerts.length).toBeGreaterThan(3)
  for (const { alert: name, expr, annotations } of alerts) {
    const metrics = expr.match(/spaceport_\w+/g) ?? []
    // By the metric of the operator's own scrapes: a job is named like its Service.
    const jobs = [...expr.matchAll(/\bup\{job="([^"]+)"\}/g)].map(([, job]) => job)
    expect([...metrics, ...jobs], name).not.toEqual([])
    for (const metric of metrics) expect(code).toContain(`'${metric.replace(/_(bucket|count|sum)$/, '')}'`)
    for (const job of jobs)
      expect(
        full.some(({ kind, metadata }) => kind === 'Service' && metadata.name === job),
        job,
      ).toBe(true)
    expect(annotations.runbook_url).toBe(`https://wiki.example.com/spaceport/runbooks#${name.toLowerCase()}`)
    expect(page).toContain(`\n## ${name}\n`)
  }
  expect(page.match(/^## Spaceport\w+$/gm)?.sort()).toEqual(alerts.map(({ alert: name }) => `## ${name}`).sort())
})

test('each dashboard is in a ConfigMap that Grafana’s sidecar finds, unchanged', () => {
  const boards = full.filter(({ kind, metadata }) => kind === 'ConfigMap' && metadata.labels?.grafana_dashboard === '1')
  expect(boards.map(({ metadata }) => metadata.name).sort()).toEqual([
    'spaceport-dashboard-operation',
    'spaceport-dashboard-people',
  ])
  const text = z.object({ data: z.record(z.string(), z.string()) })
  for (const board of boards)
    for (const [file, json] of Object.entries(text.parse(board).data))
      expect(JSON.parse(json)).toEqual(JSON.parse(readFileSync(`deploy/chart/dashboards/${file}`, 'utf8')))
  expect(least.some(({ metadata }) => metadata.labels?.grafana_dashboard)).toBe(false)
})
