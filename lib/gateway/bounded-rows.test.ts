import { expect, test } from 'vitest'
import type { AuditEventInput } from '#lib/audit/audit-event.ts'
import { createBoundedRows } from './bounded-rows.ts'

const event = (name: string): AuditEventInput => ({
  action: 'kubectl.get',
  at: new Date(0),
  actor: { kind: 'anonymous' },
  target: { kind: 'secrets', name },
  observer: 'gateway',
  destination: 'cluster/lab',
})

test('rows of one kind are written up to their bound, and then told as a count', () => {
  const written: AuditEventInput[] = []
  const rows = createBoundedRows(
    (row) => written.push(row),
    () => 1_000,
    () => {},
  )
  for (let at = 0; at < 5; at++) rows.add(event(`one-${at}`), 'one', 2)
  rows.add(event('other'), 'other', 2)
  expect(rows.has('one')).toBe(true)
  expect(written.map(({ target }) => target.name)).toEqual(['one-0', 'one-1', 'other'])
  rows.close()
  expect(written.slice(3)).toMatchObject([{ target: { name: 'one-4' }, detail: { repeated: 3 } }])
})

test('kinds without end do not fill the memory: what does not fit is told as dropped', () => {
  let dropped = 0
  const rows = createBoundedRows(
    () => {},
    () => 1_000,
    () => dropped++,
  )
  for (let at = 0; at < 10_003; at++) rows.add(event('x'), `kind ${at}`, 1)
  expect(dropped).toBe(3)
  rows.close()
})
