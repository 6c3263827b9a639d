import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire'
import { describe, expect, test } from 'vitest'
import { markList, markOf, openEvent, unmarkQuery } from './space-set-mark.ts'

const field = (number: number, ...parts: (Uint8Array | string)[]) =>
  new BinaryWriter()
    .tag(number, WireType.LengthDelimited)
    .bytes(Buffer.concat(parts.map((part) => Buffer.from(part))))
    .finish()
const envelope = (...raw: Uint8Array[]) =>
  Buffer.concat([Buffer.from('k8s\0'), field(1, field(1, 'v1'), field(2, 'X')), field(2, ...raw), field(4, '')])
const framed = (event: Uint8Array) => {
  const length = Buffer.alloc(4)
  length.writeUInt32BE(event.length)
  return Buffer.concat([length, event])
}

test('a mark is six digits, and differs between sets', () => {
  const sets = [[], ['a'], ['b'], ['a', 'b'], ['a', 'c']]
  expect(new Set(sets.map(markOf)).size).toBe(sets.length)
  for (const set of sets) expect(markOf(set)).toMatch(/^\d{6}$/)
})

describe('answers are marked', () => {
  test('a list in JSON, a table, and each of their objects', () => {
    const list = {
      metadata: { resourceVersion: '12', continue: 'abc' },
      items: [{ metadata: { resourceVersion: '7', name: 'n' } }],
    }
    expect(JSON.parse(String(markList('json', Buffer.from(JSON.stringify(list)), '000001')))).toEqual({
      metadata: { resourceVersion: '12000001', continue: '000001abc' },
      items: [{ metadata: { resourceVersion: '7000001', name: 'n' } }],
    })
    const table = {
      kind: 'Table',
      metadata: { resourceVersion: '12' },
      rows: [{ cells: [1], object: { metadata: { resourceVersion: '7' } } }, { cells: [] }],
    }
    expect(JSON.parse(String(markList('json', Buffer.from(JSON.stringify(table)), '000001')))).toEqual({
      kind: 'Table',
      metadata: { resourceVersion: '12000001' },
      rows: [{ cells: [1], object: { metadata: { resourceVersion: '7000001' } } }, { cells: [] }],
    })
  })

  test('a list in protobuf, with every other byte unchanged', () => {
    const object = (version: string) =>
      field(2, field(1, field(1, 'name'), field(6, version), field(11, field(1, 'k'))), field(2, 'spec'))
    const list = (version: string, token: string, ...items: Uint8Array[]) =>
      envelope(field(1, field(1, ''), field(2, version), field(3, token)), ...items)
    expect(markList('protobuf', list('12', 'abc', object('7'), object('8')), '000001')).toEqual(
      list('12000001', '000001abc', object('7000001'), object('8000001')),
    )
    expect(markList('protobuf', list('12', ''), '000001')).toEqual(list('12000001', ''))
  })

  test('an event in either encoding', () => {
    const event = { type: 'ADDED', object: { metadata: { resourceVersion: '7' } } }
    expect(JSON.parse(String(openEvent('json', Buffer.from(JSON.stringify(event))).marked('000001')))).toEqual({
      type: 'ADDED',
      object: { metadata: { resourceVersion: '7000001' } },
    })
    const raw = (version: string) =>
      framed(
        Buffer.concat([field(1, 'ADDED'), field(2, field(1, envelope(field(1, field(1, 'n'), field(6, version)))))]),
      )
    expect(openEvent('protobuf', raw('7')).marked('000001')).toEqual(raw('7000001'))
    for (const opened of [openEvent('json', Buffer.from(JSON.stringify(event))), openEvent('protobuf', raw('7'))])
      expect(opened).toMatchObject({ type: 'ADDED', version: '7' })
  })
})

describe('the query of a client', () => {
  const unmarked = (verb: string, query: string) => {
    const parameters = new URLSearchParams(query)
    unmarkQuery(parameters, verb, '000001')
    return String(parameters)
  }
  const expired = expect.objectContaining({ status: 410, key: 'access_changed' })

  test.each([
    ['watch', 'resourceVersion=12000001', 'resourceVersion=12'],
    ['watch', 'resourceVersion=0', 'resourceVersion=0'],
    ['watch', '', ''],
    ['watch', 'sendInitialEvents=true&resourceVersion=12000002', 'sendInitialEvents=true&resourceVersion=12'],
    [
      'list',
      'resourceVersion=12000002&resourceVersionMatch=NotOlderThan',
      'resourceVersion=12&resourceVersionMatch=NotOlderThan',
    ],
    ['list', 'resourceVersion=12&resourceVersionMatch=NotOlderThan', ''],
    ['list', 'resourceVersion=0', 'resourceVersion=0'],
    ['list', 'limit=1&continue=000001abc', 'limit=1&continue=abc'],
  ])('%s ?%s goes upstream as ?%s', (verb, query, expected) => {
    expect(unmarked(verb, query)).toBe(expected)
  })

  test.each([
    ['watch', 'resourceVersion=12000002'],
    ['watch', 'resourceVersion=12'],
    ['watch', 'resourceVersion=000001'],
    ['watch', 'sendInitialEvents=false&resourceVersion=12000002'],
    ['list', 'continue=000002abc'],
    ['list', 'continue=abc'],
  ])('%s ?%s has expired', (verb, query) => {
    expect(() => unmarked(verb, query)).toThrow(expired)
  })
})
