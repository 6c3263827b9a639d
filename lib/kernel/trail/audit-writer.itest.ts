import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ownDatabase } from '#dev/testing/database/own-database.ts'
import { createPool, type Pool } from '#lib/kernel/db/pool.ts'
import type { AuditEventInput } from './audit-event.ts'
import { createAuditWriter } from './audit-writer.ts'

let pool: Pool
beforeAll(async () => {
  const { web } = (await ownDatabase()).databaseUrls
  pool = createPool(web, { process: 'web', max: 2, applicationName: 'test-audit-writer' })
})
afterAll(() => pool.end())

const event = (more: Partial<AuditEventInput> = {}): AuditEventInput => ({
  id: randomUUID(),
  action: 'space.create',
  at: new Date(),
  actor: { kind: 'anonymous' },
  target: { kind: 'portal' },
  observer: 'web/test',
  destination: 'portal',
  outcome: 'refused',
  ...more,
})

test('an event that the database refuses doesn’t affect the others, and only its writer gets the error', async () => {
  const writer = createAuditWriter(pool, { maxQueue: 100 })
  const events = [event(), event(), event({ spaceId: 'no uuid' }), event()]
  const results = await Promise.allSettled(events.map((one) => writer.append(one)))
  await writer.close()
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled'])
  const { rows } = await pool.query('SELECT id FROM audit_event WHERE id = ANY($1) ORDER BY seq', [
    events.map(({ id }) => id),
  ])
  expect(rows.map(({ id }) => id)).toEqual([events[0]?.id, events[1]?.id, events[3]?.id])
})

test('no text that anyone sends can keep an event out of the trail', async () => {
  const writer = createAuditWriter(pool, { maxQueue: 100 })
  const texts = ['\ud83d', '\ude00\ud83d', `Bearer a ${'x'.repeat(989)}😀`, '\u0000', '\\u0000', '\uffff']
  await Promise.all(texts.map((text) => writer.append(event({ userAgent: text, detail: { text } }))))
  await writer.close()
})
