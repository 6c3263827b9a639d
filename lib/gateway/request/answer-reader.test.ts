import { expect, test } from 'vitest'
import { parseTarget } from '#lib/gateway/target/parse-target.ts'
import { createAnswerReader } from './answer-reader.ts'
import { encodeObject } from './kube-proto.ts'

const encodeNamed = (metadata: { name: string; generateName: string }) =>
  encodeObject({ kind: 'NamedObject', apiVersion: 'v1', metadata })
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
  expect(nameIn(json({ metadata: { name: 'a' } }), 'application/yaml')).toBeUndefined()
  expect(nameIn(json({ metadata: { name: 'a', more: 'x'.repeat(300_000) } }), 'application/json')).toBeUndefined()
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

test('why a change was refused is learned from JSON and protobuf', () => {
  const quota = { refusal: { kind: 'quota', of: ['pods'] } }
  expect(learned(refused(byQuota))).toEqual(quota)
  const status = encodeObject({ kind: 'Status', apiVersion: 'v1', reason: 'Forbidden', message: byQuota })
  expect(learned(status, { type: 'application/vnd.kubernetes.protobuf' })).toEqual(quota)
  const scaling = parseTarget('PATCH', '/clusters/lab/apis/apps/v1/namespaces/x/deployments/web/scale')
  expect(learned(refused(byQuota), { target: scaling })).toEqual(quota)
})

test('reads, answers that aren’t refusals, and long ones are not kept', () => {
  for (const [method, path] of [
    ['GET', '/clusters/lab/api/v1/namespaces/x/pods/p'],
    ['POST', '/clusters/lab/apis/authorization.k8s.io/v1/selfsubjectaccessreviews'],
  ] as const)
    expect(learned(refused(byQuota), { target: parseTarget(method, path) })).toBeUndefined()
  expect(learned(refused(byQuota), { status: 302 })).toBeUndefined()
  expect(learned(refused(byQuota), { type: 'text/plain' })).toBeUndefined()
  expect(learned(refused(byQuota, 'x'.repeat(40_000)))).toEqual({})
})
