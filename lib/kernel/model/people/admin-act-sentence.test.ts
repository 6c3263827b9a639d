import { expect, test } from 'vitest'
import type { AdminAct } from './admin-act.ts'
import { adminActSentence } from './admin-act-sentence.ts'

const base = { by: { name: 'Carol', handle: 'carol-1a2b3c' }, reason: 'leave' }
const bob = { kind: 'user', name: 'Bob', handle: 'bob-1a2b3c' } as const

test.each<[AdminAct, string]>([
  [
    { ...base, kind: 'grant', to: bob, role: 'admin', endsAt: null, before: null },
    'Platform admin Carol (carol-1a2b3c) gave Bob (bob-1a2b3c) the admin role in shop, without an end date.',
  ],
  [
    {
      ...base,
      kind: 'grant',
      to: { kind: 'group', name: 'team' },
      role: 'editor',
      endsAt: '2026-01-02T00:00:00.000Z',
      before: 'viewer',
    },
    'Platform admin Carol (carol-1a2b3c) changed the role of the group team in shop from viewer to editor, until 2026-01-02.',
  ],
  [
    { ...base, kind: 'request', to: bob, role: 'viewer', endsAt: null },
    'Carol (carol-1a2b3c) approved the request of Bob (bob-1a2b3c) for the viewer role in shop, without an end date.',
  ],
  [
    { ...base, kind: 'offer', to: bob },
    'Platform admin Carol (carol-1a2b3c) offered shop to Bob (bob-1a2b3c). It stays yours unless they accept.',
  ],
])('%#', (act, sentence) => {
  expect(adminActSentence(act, 'shop')).toBe(sentence)
})
