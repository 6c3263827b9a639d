import { expect, test } from 'vitest'
import type { AuditEventInput } from '#lib/kernel/trail/audit-event.ts'
import { createBoundedRows } from './bounded-rows.ts'

const event = (name: string): AuditEventInput => ({
  action: 'kubectl.get',
  at: new Date(0),
  actor: { kind: 'anonymous' },
  target: { kind: 'secrets', name },
  observer: 'gateway/one',
  destination: 'cluster/lab',
})
const of = (party: string, kind: string) => ({ party, kind, coarse: 'reads' })

function create() {
  const written: AuditEventInput[] = []
  const state = { dropped: 0 }
  const rows = createBoundedRows(
    (row) => written.push(row),
    () => 1_000,
    () => state.dropped++,
  )
  return { rows, written, state }
}

test('rows of one kind are written up to their limit, and then counted', () => {
  const { rows, written } = create()
  for (let at = 0; at < 5; at++) rows.add(event(`one-${at}`), of('ann', 'one'), 2)
  rows.add(event('other'), of('ann', 'other'), 2)
  expect(rows.has('ann', 'one')).toBe(true)
  expect(rows.has('bob', 'one')).toBe(false)
  expect(written.map(({ target }) => target.name)).toEqual(['one-0', 'one-1', 'other'])
  rows.close()
  expect(written.slice(3)).toMatchObject([{ target: { name: 'one-4' }, detail: { repeated: 3 } }])
})

test('one person’s endless kinds are counted as one, and crowd out no one else’s', () => {
  const { rows, written, state } = create()
  for (let at = 0; at < 20_000; at++) rows.add(event(`read-${at}`), of('mallory', `kind ${at}`), 1)
  expect(written).toHaveLength(201)
  rows.add(event('key'), of('accomplice', 'kind 1'), 1)
  expect(written.at(-1)).toMatchObject({ target: { name: 'key' } })
  expect(state.dropped).toBe(0)
  rows.close()
  expect(written.at(-1)).toMatchObject({ detail: { repeated: 20_000 - 201 } })
})
