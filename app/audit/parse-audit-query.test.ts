import { expect, test } from 'vitest'
import { parseAuditQuery } from './parse-audit-query.ts'

const now = new Date('2026-03-01T12:00:00Z')

test('a time without a zone is read as UTC', () => {
  expect(parseAuditQuery({ from: '2026-03-01T10:30', until: '2026-03-01T12:00+02:00' }, now)).toEqual({
    ok: true,
    query: { from: new Date('2026-03-01T10:30:00Z'), until: new Date('2026-03-01T10:00:00Z') },
  })
})

test('an unreadable filter is reported, never dropped', () => {
  const parsed = parseAuditQuery({ from: 'yesterday', outcome: 'perhaps', person: 'x'.repeat(200) }, now)
  expect(parsed.ok ? [] : Object.keys(parsed.fields).sort()).toEqual(['from', 'outcome', 'person'])
})

test('an impossible time, or one that the database would reject, is reported', () => {
  for (const from of [
    '2099-02-30T10:00',
    '0000-01-01',
    '0001-01-01T00:00',
    '-000001-01-01T00:00Z',
    '+275760-09-13T00:00Z',
    '1e9',
    '2026-01-01T25:00',
    '2026-01-01T10:00+99:00',
  ])
    expect(parseAuditQuery({ from }, now), from).toEqual({ ok: false, fields: { from: 'Enter a date and a time.' } })
  for (const until of ['2026-02-28', '2026-02-28T23:59', '2026-02-28T23:59:59.999Z', '2999-12-31T23:59'])
    expect(parseAuditQuery({ until }, now).ok, until).toBe(true)
})

test('a search for a character that the trail can’t contain is rejected', () => {
  expect(parseAuditQuery({ text: 'a\0b' }, now)).toEqual({
    ok: false,
    fields: { text: 'This contains a character that can’t be searched for.' },
  })
})

test('an empty search is rejected, and so is one with too many words', () => {
  const words = 'a b c d e f g h'
  for (const name of ['text', 'person'])
    expect(parseAuditQuery({ [name]: `${words} i` }, now)).toEqual({
      ok: false,
      fields: { [name]: 'Use at most 8 words.' },
    })
  expect(parseAuditQuery({ text: `${words} a  H h`, person: words }, now).ok).toBe(false)
  expect(parseAuditQuery({ text: `${words} a`, person: words }, now).ok).toBe(true)
  expect(parseAuditQuery({ text: '…!' }, now)).toEqual({ ok: false, fields: { text: 'Type a letter or a digit.' } })
})

test('the position in the trail accepts only a number', () => {
  expect(parseAuditQuery({}, now, '12').ok).toBe(true)
  expect(parseAuditQuery({}, now, '12; drop').ok).toBe(false)
})

test('“within” counts back from now, and the later start applies', () => {
  const hourAgo = new Date('2026-03-01T11:00:00Z')
  expect(parseAuditQuery({ within: '1h' }, now)).toEqual({ ok: true, query: { from: hourAgo } })
  expect(parseAuditQuery({ within: '1h', from: '2026-02-01T00:00' }, now)).toEqual({
    ok: true,
    query: { from: hourAgo },
  })
  expect(parseAuditQuery({ within: '30d', from: '2026-03-01T11:00' }, now)).toEqual({
    ok: true,
    query: { from: hourAgo },
  })
  for (const within of ['2h', 'constructor', '-1h'])
    expect(parseAuditQuery({ within }, now)).toEqual({ ok: false, fields: { within: 'Choose one from the list.' } })
})

test('an unreadable start stays an error next to “within”', () => {
  expect(parseAuditQuery({ within: '1h', from: 'yesterday' }, now).ok).toBe(false)
})
