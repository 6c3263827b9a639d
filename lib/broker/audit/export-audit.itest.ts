import { afterAll, beforeAll, expect, test } from 'vitest'
import { type BrokerFixture, openBrokerFixture, type TestContext } from '#dev/testing/broker-fixture.ts'
import { checkSpaceName } from '#lib/broker/spaces/check-space-name.ts'
import { createSpace } from '#lib/broker/spaces/create-space.ts'
import { selectAuditRows } from '#lib/db/select-audit-rows.ts'
import { exportAudit } from './export-audit.ts'
import { renderExport } from './render-export.ts'

let fixture: BrokerFixture
let auditor: TestContext
let person: string
beforeAll(async () => {
  fixture = await openBrokerFixture()
  auditor = fixture.as(await fixture.person('auditor', { platformRole: 'auditor' }))
  const actor = await fixture.person('exported')
  person = actor.handle
  for (const name of ['kube-system', 'default', 'kube-public', 'new', 'spaceport'])
    await createSpace(fixture.as(actor), { name, description: '', size: 'S', endsAt: null }).catch(() => {})
  await checkSpaceName(fixture.as(actor), { name: 'kube-system' })
})
afterAll(() => fixture.close())

const readPage = (before: string | undefined, take: number) =>
  selectAuditRows(fixture.services.pool, { person, before }, take)

async function linesOf(pieces: AsyncIterable<string>): Promise<string[]> {
  let text = ''
  for await (const piece of pieces) text += piece
  return text.trimEnd().split(/\r?\n/)
}

test('a download holds every page of what the filter finds, newest first, and is recorded in the trail', async () => {
  const file = renderExport(readPage, 'ndjson', { pageSize: 2, maxRows: 1_000 })
  const lines = await linesOf(file)
  expect(await linesOf(await exportAudit(auditor, { format: 'ndjson', person }))).toEqual(lines)
  const rows = lines.map((line) => JSON.parse(line))
  expect(rows.map((row) => row.target.name)).toEqual(['spaceport', 'new', 'kube-public', 'default', 'kube-system'])
  expect(rows.every((row) => row.action === 'space.create' && row.outcome === 'refused')).toBe(true)
  const [, taken] = await linesOf(
    await exportAudit(auditor, { format: 'csv', person: auditor.actor.handle, action: 'audit.export' }),
  )
  expect(taken).toContain('audit.export')
})

test('a download that would be too long says where it was cut', async () => {
  const lines = await linesOf(renderExport(readPage, 'csv', { pageSize: 2, maxRows: 4 }))
  expect(lines).toHaveLength(6)
  expect(lines.at(-1)).toContain('This file ends here, but the trail continues.')
})
