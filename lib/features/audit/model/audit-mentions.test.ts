import { expect, test } from 'vitest'
import { mentionsOf } from './audit-mentions.ts'

const id = '0b6ad5c2-3f5e-4f7e-9d6a-3f0f5b1c2d3e'
const other = '1b6ad5c2-3f5e-4f7e-9d6a-3f0f5b1c2d3e'

test('rows refer to people by handle, and to spaces and credentials by id, each listed once', () => {
  const target = { kind: 'space', id, name: 'lab' }
  expect(
    mentionsOf([
      { target, spaceId: null, detail: { principal: 'user:bob-1a2b3c', requester: 'alice-7f3a9c' } },
      { target, spaceId: id, detail: { principal: 'group:team-blue', to: 'bob-1a2b3c' } },
      { target: { kind: 'person', id: other, name: 'erin-000001' }, spaceId: null, detail: {} },
      { target: { kind: 'credential', id: other, name: null }, spaceId: null, detail: {} },
    ]),
  ).toEqual({ handles: ['alice-7f3a9c', 'bob-1a2b3c', 'erin-000001'], spaces: [id], credentials: [other] })
})

test('invalid handles and ids are never looked up', () => {
  const target = { kind: 'space', id: 'lab', name: null }
  expect(
    mentionsOf([{ target, spaceId: null, detail: { from: '2026-01-01 10:00', to: 7, person: 'x'.repeat(61) } }]),
  ).toEqual({ handles: [], spaces: [], credentials: [] })
})
