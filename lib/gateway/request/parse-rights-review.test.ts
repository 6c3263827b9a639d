import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire'
import { describe, expect, test } from 'vitest'
import { parseAccessReview, parseRulesReview } from './parse-rights-review.ts'

const none = { namespace: '', verb: '', group: '', version: '', resource: '', subresource: '', name: '' }
const json = (body: unknown) => Buffer.from(typeof body === 'string' ? body : JSON.stringify(body))
const readAccess = (body: unknown) => parseAccessReview('application/json', json(body))
const readRules = (body: unknown) => parseRulesReview('application/json; charset=utf-8', json(body))
const bad = expect.objectContaining({ key: 'bad_body', status: 400 })

test('in JSON, missing fields are empty, and unknown fields are left out', () => {
  expect(readAccess({ kind: 'x', spec: { resourceAttributes: { verb: 'get', name: null, more: 1 } } })).toEqual({
    resourceAttributes: { ...none, verb: 'get' },
  })
  const requirements = [{ key: 'k', operator: 'In', values: ['v'] }]
  expect(readAccess({ spec: { resourceAttributes: { labelSelector: { requirements } } } })).toEqual({
    resourceAttributes: { ...none, labelSelector: { requirements } },
  })
  expect(readAccess({ spec: { nonResourceAttributes: { path: '/version', verb: 'get' } } })).toEqual({
    nonResourceAttributes: { path: '/version', verb: 'get' },
  })
  expect(readRules({ spec: { namespace: 'mine' } })).toEqual({ namespace: 'mine' })
  expect(readRules('{"spec":{"namespace":"other","namespace":"mine"}}')).toEqual({ namespace: 'mine' })
})

test('a long review is refused before it is parsed, and the reason stays short', () => {
  const many = { spec: { resourceAttributes: { fieldSelector: { requirements: Array(9_000).fill(1) } } } }
  expect(() => readAccess(many)).toThrow(expect.objectContaining({ key: 'body_too_large', status: 413 }))
  const few = { spec: { resourceAttributes: { fieldSelector: { requirements: Array(5_000).fill(1) } } } }
  try {
    readAccess(few)
    expect.unreachable()
  } catch (error) {
    expect(error).toEqual(bad)
    expect(String(error instanceof Error && error.cause).length).toBeLessThan(200)
  }
})

test.each([
  '',
  '[]',
  '{"spec":',
  '{}',
  'spec: {resourceAttributes: {}}',
  '\xd9\xd9\xf7',
  '{"spec":{}}',
  '{"spec":{"resourceAttributes":{},"nonResourceAttributes":{}}}',
  '{"spec":{"resourceAttributes":{"namespace":["other"]}}}',
  '{"spec":{"resourceAttributes":[]}}',
])('anything but a review is refused: %j', (body) => {
  expect(() => readAccess(body)).toThrow(bad)
})

test('another content type is refused, so that clients fall back to JSON', () => {
  for (const type of ['application/cbor', 'application/yaml', 'text/plain'])
    expect(() => parseAccessReview(type, json({ spec: {} }))).toThrow(expect.objectContaining({ status: 415 }))
  expect(parseRulesReview(undefined, json({ spec: { namespace: 'n' } }))).toEqual({ namespace: 'n' })
})

describe('in protobuf', () => {
  const field = (number: number, content: Uint8Array | string) =>
    new BinaryWriter().tag(number, WireType.LengthDelimited).bytes(Buffer.from(content)).finish()
  const both = (...parts: Uint8Array[]) => Buffer.concat(parts)
  const sent = (spec: Uint8Array) =>
    both(Buffer.from('k8s\0'), field(1, field(1, 'authorization.k8s.io/v1')), field(2, both(field(1, ''), spec)))
  const read = (body: Buffer) => parseAccessReview('application/vnd.kubernetes.protobuf', body)
  const readRulesOf = (body: Buffer) => parseRulesReview('application/vnd.kubernetes.protobuf', body)
  const access = (...parts: Uint8Array[]) => sent(field(2, field(1, both(...parts))))
  const rules = (...parts: Uint8Array[]) => sent(field(2, both(...parts)))

  test('each field is read by its number', () => {
    const names = ['n', 'v', 'g', 'x', 'r', 's', 'm']
    expect(read(access(...names.map((text, at) => field(at + 1, text))))).toEqual({
      resourceAttributes: {
        namespace: 'n',
        verb: 'v',
        group: 'g',
        version: 'x',
        resource: 'r',
        subresource: 's',
        name: 'm',
      },
    })
    const selector = field(2, both(field(1, 'k'), field(2, 'In'), field(3, 'a'), field(3, 'b')))
    expect(read(access(field(8, field(1, 'raw')), field(9, selector)))).toEqual({
      resourceAttributes: {
        ...none,
        fieldSelector: { rawSelector: 'raw' },
        labelSelector: { requirements: [{ key: 'k', operator: 'In', values: ['a', 'b'] }] },
      },
    })
    expect(read(sent(field(2, field(2, both(field(1, '/version'), field(2, 'get'))))))).toEqual({
      nonResourceAttributes: { path: '/version', verb: 'get' },
    })
    expect(readRulesOf(rules(field(1, 'mine')))).toEqual({ namespace: 'mine' })
  })

  test('repeated fields count as in Go', () => {
    expect(readRulesOf(rules(field(1, 'other'), field(1, 'mine')))).toEqual({ namespace: 'mine' })
    const merged = sent(both(field(2, field(1, field(1, 'mine'))), field(2, field(1, field(2, 'get')))))
    expect(read(merged)).toEqual({ resourceAttributes: { ...none, namespace: 'mine', verb: 'get' } })
  })

  test('a message that is truncated, has too large a field number, or is JSON is refused', () => {
    // Truncated to 32 bits, as Go does, this is field 1.
    const large = Buffer.concat([Buffer.from([0x8a, 0x80, 0x80, 0x80, 0x80, 0x01, 5]), Buffer.from('other')])
    for (const body of [
      rules(field(1, 'mine'), large),
      rules(field(1, 'mine')).subarray(0, -1),
      json({ spec: { namespace: 'mine' } }),
      Buffer.from('k8s\0'),
      Buffer.alloc(0),
    ])
      expect(() => readRulesOf(body)).toThrow(bad)
    expect(() => readRules(rules(field(1, 'mine')).toString('latin1'))).toThrow(bad)
  })
})
