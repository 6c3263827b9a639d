/** More rows of one person than the verifier used to hold. */
import { expect, test } from 'vitest'
import { replacementHash } from '#lib/features/audit/chain/hashes.ts'
import { followPseudonyms } from '#lib/features/audit/chain/pseudonyms.ts'
import type { TrailRow } from '#lib/features/audit/model/sealed-trail.ts'

const time = '2026-11-26T10:00:00.123456Z'
const handle = 'former-0123456789'
const personal = '0'.repeat(64)
const row = (seq: number, more: Partial<TrailRow>): TrailRow => ({
  ...{
    seq: `2026110000${String(seq).padStart(8, '0')}`,
    id: `00000000-0000-4000-8000-${String(seq).padStart(12, '0')}`,
  },
  ...{ intentId: null, recordedAt: time, at: time, action: 'space.create', actorKind: 'user', actorId: 'alice' },
  ...{
    targetKind: 'person',
    targetId: null,
    spaceId: null,
    namespace: null,
    observer: 'web/test',
    destination: 'portal',
  },
  ...{ outcome: 'ok', reason: null, requestId: null, clusterAuditId: null, route: null, actorHandle: handle },
  ...{ actorName: 'Former person', targetName: null, sourceAddress: null, userAgent: null, detail: '{}' },
  ...{ salt: null, personalHash: personal },
  ...more,
})
const about = (seq: number, action: string, more: Partial<TrailRow> = {}) =>
  row(seq, { action, targetId: 'alice', targetName: handle, personalHash: null, salt: 'x', ...more })

test('a pseudonym in half a million rows is accounted for in all of them, and a forged one among them is found', () => {
  const rows = 500_002
  const pseudonyms = followPseudonyms()
  for (let i = 1; i <= rows; i++)
    pseudonyms.noteReplaced(row(i, i === rows ? { actorName: 'Mallory' } : {}), personal, 7)
  const sealedAt = Date.parse(time)
  pseudonyms.noteRecord(about(rows + 1, 'person.offboard'), sealedAt)
  pseudonyms.noteRecord(about(rows + 2, 'offboarding.complete'), sealedAt)
  pseudonyms.noteRecord(about(rows + 3, 'person.pseudonymise', { id: 'run' }), sealedAt)
  for (let first = 1; first <= rows; first += 150) {
    const named = Array.from({ length: Math.min(150, rows - first + 1) }, (_, i) => {
      const it = row(first + i, first + i === rows ? { actorName: 'Mallory' } : {})
      return [it.seq, replacementHash(it, personal)]
    })
    const detail = JSON.stringify({ of: 'run', rows: Object.fromEntries(named) })
    pseudonyms.noteRecord(about(rows + 4 + first, 'person.pseudonymise-rows', { detail }), sealedAt)
  }
  const found: unknown[] = []
  pseudonyms.end(
    true,
    (kind, text, named, block) => found.push({ kind, text, named, block }),
    (kind, seq) => found.push({ kind, seq }),
  )
  expect(found).toEqual([
    {
      kind: 'forged pseudonym',
      text: expect.stringContaining('it names Mallory'),
      named: {
        seq: '202611000000500002',
        id: '00000000-0000-4000-8000-000000500002',
        action: 'space.create',
        recordedAt: time,
      },
      block: 7,
    },
  ])
})

test('a row that belongs to no trail is reported without an error', () => {
  const pseudonyms = followPseudonyms()
  pseudonyms.noteReplaced(row(1, { id: 'x', recordedAt: 'never' }), personal, 1)
  const found: unknown[] = []
  pseudonyms.end(
    true,
    (kind) => found.push(kind),
    () => {},
  )
  expect(found).toEqual(['pseudonymised without record'])
})
