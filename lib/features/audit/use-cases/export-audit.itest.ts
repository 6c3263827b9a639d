import { afterAll, beforeAll, expect, test } from 'vitest'
import { type BrokerFixture, openBrokerFixture, type TestContext } from '#dev/testing/fixtures/broker-fixture.ts'
import { checkSpaceName } from '#lib/features/spaces/use-cases/check-space-name.ts'
import { createSpace } from '#lib/features/spaces/use-cases/create-space.ts'
import { exportAudit } from './export-audit.ts'
import { renderExport } from './render-export.ts'

let fixture: BrokerFixture
let auditor: TestContext
let person: string
beforeAll(async () => {
  fixture = await openBrokerFixture({ offline: true })
  auditor = fixture.as(await fixture.person('auditor', { platformRole: 'auditor' }))
  const actor = await fixture.person('exported')
  person = actor.handle
  for (const name of ['kube-system', 'default', 'kube-public', 'new', 'spaceport'])
    await createSpace(fixture.as(actor), { name, description: '', size: 'S', endsAt: null }).catch(() => {})
  await checkSpaceName(fixture.as(actor), { name: 'kube-system' })
})
afterAll(() => fixture.close())

async function linesOf(pieces: AsyncIterable<string>): Promise<string[]> {
  let text = ''
  for await (const piece of pieces) text += piece
  return text.trimEnd().split(/\r?\n/)
}
const seal = () => fixture.system().pool.query('SELECT seal_trail(100000)')

test('a download has all pages of the filtered trail, newest first, and is recorded in the trail', async () => {
  await seal()
  const file = renderExport(fixture.services, { person }, 'ndjson', { pageSize: 2, maxRows: 1_000, by: 'test' })
  const events = (await linesOf(file)).map((line) => JSON.parse(line))
  expect(events.at(0)).toMatchObject({
    type: 'dev.spaceport.trail.export',
    data: { part: 'begin', filter: { person } },
  })
  expect(events.at(-1)).toMatchObject({ data: { part: 'end', events: events.length - 2 } })
  const rows = events.slice(1, -1)
  expect(rows.map(({ type }) => type)).toEqual(Array(5).fill('dev.spaceport.audit.space.create'))
  expect(rows.map((row) => row.data.onWhat.name)).toEqual(['spaceport', 'new', 'kube-public', 'default', 'kube-system'])
  expect(rows.every((row) => row.outcome === 'refused')).toBe(true)
  const direct = (await linesOf(await exportAudit(auditor, { format: 'ndjson', person }))).map((line) =>
    JSON.parse(line),
  )
  expect(direct.slice(1, -1)).toEqual(rows)
  const [, taken] = await linesOf(
    await exportAudit(auditor, { format: 'csv', person: auditor.actor.handle, action: 'audit.export' }),
  )
  expect(taken).toContain('audit.export')
})

test.each(['csv', 'ndjson'] as const)('a truncated %s download reports where it ends', async (format) => {
  await seal()
  const lines = await linesOf(
    renderExport(fixture.services, { person }, format, { pageSize: 2, maxRows: 4, by: 'test' }),
  )
  expect(lines).toHaveLength(6)
  expect(lines.at(-1)).toContain('This file ends here, but the trail continues.')
})
