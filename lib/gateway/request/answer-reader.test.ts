import { expect, test } from 'vitest'
import { parseTarget } from '#lib/gateway/target/parse-target.ts'
import { createAnswerReader } from './answer-reader.ts'
import { encodeObject } from './kube-proto.ts'
import { encodeList, encodeNamed } from './protobuf-object-fixture.ts'

const creating = parseTarget('POST', '/clusters/lab/api/v1/namespaces/x/pods')

test('a new object has the name in the answer', () => {
  const nameIn = (body: Buffer, type: string, status = 201, target = creating) => {
    const reader = createAnswerReader(target, status, ['content-type', type])
    for (let at = 0; at < body.length; at += 7) reader?.onData(body.subarray(at, at + 7))
    return reader?.learned().createdName
  }
  const json = (object: object) => Buffer.from(JSON.stringify(object))
  const protobuf = 'application/vnd.kubernetes.protobuf'
  expect(nameIn(json({ metadata: { name: 'a-x7', generateName: 'a-' } }), 'application/json')).toBe('a-x7')
  expect(nameIn(encodeNamed({ name: 'a-x7', generateName: 'a-' }), protobuf)).toBe('a-x7')
  expect(nameIn(json({ kind: 'Status', metadata: {} }), 'application/json')).toBeUndefined()
  expect(nameIn(json({ metadata: { name: 'a' } }), 'application/json', 409)).toBeUndefined()
  expect(
    nameIn(json({ kind: 'ConfigMap', data: { a: 'x'.repeat(3e6) }, metadata: { name: 'a' } }), 'application/json'),
  ).toBe('a')
  const row = (name: string) => ({ cells: [name], object: { kind: 'PartialObjectMetadata', metadata: { name } } })
  const table = (...names: string[]) => json({ kind: 'Table', metadata: {}, rows: names.map(row) })
  expect(nameIn(table('a'), 'application/json')).toBe('a')
  expect(nameIn(table('a', 'b'), 'application/json')).toBeUndefined()
  expect(
    nameIn(Buffer.from('apiVersion: v1\nkind: Pod\nmetadata:\n  generateName: a-\n  name: a-x7\n'), 'application/yaml'),
  ).toBe('a-x7')
  expect(nameIn(Buffer.from('metadata: {name: a}'), 'application/yaml')).toBeUndefined()
  expect(nameIn(json({ metadata: { name: 'a' } }).subarray(0, -1), 'application/json')).toBeUndefined()
  const patching = parseTarget('PATCH', '/clusters/lab/api/v1/namespaces/x/pods/p')
  expect(nameIn(json({ metadata: { name: 'a' } }), 'application/json', 200, patching)).toBeUndefined()
})

const learned = (body: string | Buffer, { status = 403, type = 'application/json', target = creating } = {}) => {
  const reader = createAnswerReader(target, status, ['content-type', type])
  reader?.onData(Buffer.from(body))
  return reader?.learned()
}
const refused = (message: string, more = '') => JSON.stringify({ kind: 'Status', reason: 'Forbidden', message, more })
const byQuota = 'pods "a" is forbidden: exceeded quota: spaceport, requested: pods=1, used: pods=20, limited: pods=20'

test('the reason for a refused change is read from JSON and protobuf', () => {
  const quota = { refusal: { kind: 'quota', of: ['pods'] } }
  expect(learned(refused(byQuota))).toEqual(quota)
  const status = encodeObject({ kind: 'Status', apiVersion: 'v1', reason: 'Forbidden', message: byQuota })
  expect(learned(status, { type: 'application/vnd.kubernetes.protobuf' })).toEqual(quota)
  const scaling = parseTarget('PATCH', '/clusters/lab/apis/apps/v1/namespaces/x/deployments/web/scale')
  expect(learned(refused(byQuota), { target: scaling })).toEqual(quota)
})

test('reads, successful answers and long refusals are not kept', () => {
  for (const [method, path] of [
    ['GET', '/clusters/lab/api/v1/namespaces/x/pods/p'],
    ['POST', '/clusters/lab/apis/authorization.k8s.io/v1/selfsubjectaccessreviews'],
  ] as const)
    expect(learned(refused(byQuota), { target: parseTarget(method, path) })).toBeUndefined()
  expect(learned(refused(byQuota), { status: 302 })).toBeUndefined()
  expect(learned(refused(byQuota), { type: 'text/plain' })).toBeUndefined()
  expect(learned(refused(byQuota, 'x'.repeat(40_000)))).toEqual({})
})

const secretsPath = '/clusters/lab/api/v1/namespaces/x/secrets'
const several = parseTarget('DELETE', secretsPath)
const one = (method: string) => parseTarget(method, `${secretsPath}/a`)
const secret = (name: string) => ({ kind: 'Secret', metadata: { name }, data: { 'a.b': 'eA==' } })

test.each([
  [
    'json',
    'application/json',
    Buffer.from(JSON.stringify({ kind: 'SecretList', metadata: {}, items: [secret('a'), secret('b')] })),
  ],
  ['protobuf', 'application/vnd.kubernetes.protobuf', encodeList('SecretList', ['a', 'b'])],
  [
    'yaml',
    'application/yaml',
    Buffer.from(
      'apiVersion: v1\nitems:\n- data:\n    a: eA==\n  metadata:\n    annotations:\n      name: no\n    name: a\n- metadata:\n    name: "b"\nkind: SecretList\nmetadata: {}\n',
    ),
  ],
])('the secrets that a deletion of several shows are named, in %s', (_, type, body) => {
  expect(learned(body, { status: 200, type, target: several })).toEqual({ secrets: { names: ['a', 'b'], count: 2 } })
})

test('a change shows a secret unless its answer is a status, an empty list or a newly created object', () => {
  const shown = { secrets: { names: [], count: 0 } }
  const body = JSON.stringify(secret('a'))
  const ok = { status: 200 }
  expect(learned(body, { ...ok, target: one('PATCH') })).toEqual(shown)
  expect(learned(body, { ...ok, target: one('DELETE') })).toEqual(shown)
  expect(learned(body, { ...ok, target: one('DELETE'), type: 'application/cbor' })).toEqual(shown)
  expect(learned(body.slice(0, 20), { ...ok, target: one('DELETE') })).toEqual(shown)
  expect(learned(JSON.stringify({ kind: 'Status', status: 'Success' }), { ...ok, target: one('DELETE') })).toEqual({})
  const status = encodeObject({ kind: 'Status', apiVersion: 'v1', status: 'Success' })
  const protobuf = 'application/vnd.kubernetes.protobuf'
  expect(learned(status, { ...ok, target: one('DELETE'), type: protobuf })).toEqual({})
  expect(learned(JSON.stringify({ kind: 'SecretList', items: [] }), { ...ok, target: several })).toEqual({})
  expect(learned(body, { status: 201, target: one('PATCH') })).toBeUndefined()
  expect(learned(body, { ...ok, target: one('PUT') })).toBeUndefined()
  expect(
    learned(body, { ...ok, target: parseTarget('PATCH', '/clusters/lab/api/v1/namespaces/x/pods/a') }),
  ).toBeUndefined()
})
