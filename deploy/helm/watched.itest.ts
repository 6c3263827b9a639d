import { globSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { z } from 'zod'
import { runCaptured } from '#dev/process/run-captured.ts'
import type { Manifest } from '#lib/domain/manifest.ts'
import { type Helm, openRendered } from './helm.ts'
import { podOf } from './pods.ts'

/** What tells an operator that something is wrong. */
let helm: Helm
let least: Manifest[]
let full: Manifest[]

beforeAll(async () => {
  ;({ helm, least, full } = await openRendered())
}, 600_000)
afterAll(() => helm.close())

test('each alert is about metrics that exist, and has its section in the runbooks', () => {
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
    expect(metrics, name).not.toEqual([])
    for (const metric of metrics) expect(code).toContain(`'${metric}'`)
    expect(annotations.runbook_url).toBe(`https://wiki.example.com/spaceport/runbooks#${name.toLowerCase()}`)
    expect(page).toContain(`\n## ${name}\n`)
  }
  expect(page.match(/^## Spaceport\w+$/gm)?.sort()).toEqual(alerts.map(({ alert: name }) => `## ${name}`).sort())
})

test('each dashboard is in a ConfigMap that Grafana’s sidecar finds, as it is', () => {
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

test('what `helm test` runs tells who is not ready, and fails', async () => {
  const [, evaluate = '', script = '', ...urls] = podOf(least, 'test').spec.containers[0]?.command ?? []
  expect(urls).toHaveLength(3)
  const server = createServer((request, response) => {
    response.writeHead(request.url === '/ready' ? 200 : 503).end(`{"status":"${request.url}"}`)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  onTestFinished(() => void server.close())
  const ask = (...paths: string[]) =>
    runCaptured(process.execPath, [
      evaluate,
      script.replace('60_000', '100'),
      ...paths.map((path) => `http://127.0.0.1:${port}${path}`),
    ])
  expect(await ask('/ready', '/ready')).toMatchObject({ status: 0 })
  const failed = await ask('/ready', '/database')
  expect(failed).toMatchObject({ status: 1, output: expect.stringContaining('503 {"status":"/database"}') })
})
