import { expect, test } from 'vitest'
import { parseTarget } from '#lib/gateway/target/parse-target.ts'
import { nameFromBody } from './name-from-body.ts'
import { encodeNamed } from './protobuf-object-fixture.ts'

const creating = parseTarget('POST', '/clusters/lab/api/v1/namespaces/x/pods')
const nameOf = (text: string) => nameFromBody(creating, Buffer.from(text))

test.each([
  ['{"metadata":{"name":"a"}}', 'a'],
  ['{"metadata":{"generateName":"a-"}}', 'a-…'],
  ['{"metadata":{"name":"a","generateName":"b-"}}', 'a'],
  [
    '{ "spec" : { "metadata" : { "name" : "b" }, "name": "c" }, "metadata" : { "labels": {"name":"d"}, "name" : "a" } }',
    'a',
  ],
  ['{"metadata":{"name":"a"},"items":[{"metadata":{"name":"b"}},{"metadata":{"name":"c"}}]}', 'a'],
])('%s creates %s', (text, name) => {
  expect(nameOf(text)).toBe(name)
})

test.each([
  '{"metadata":{"name":"a"},"metadata":{"name":"b"}}',
  '{"metadata":{"name":"a"},"metadata":{"generateName":"b-"}}',
  '{"metadata":{"name":"a"},"meta\\u0064ata":{}}',
  '{"metadata":{"name":"a","na\\u006de":"b"}}',
  '{"metadata":{"name":"a" , "name" :"b"}}',
  '{"metadata":["a"]}',
  '{"metadata":{"name":1}}',
  '[{"metadata":{"name":"a"}}]',
  'metadata: {name: a}',
  '{"metadata":{"name":"a"}',
])('%s gives no reliable name for the trail', (text) => {
  expect(nameOf(text)).toBeUndefined()
})

test('the name is read from protobuf, as kubectl create sends it', () => {
  const meta = (name: string, generateName: string) => encodeNamed({ name, generateName })
  expect(nameFromBody(creating, meta('a', ''))).toBe('a')
  expect(nameFromBody(creating, meta('', 'a-'))).toBe('a-…')
  expect(nameFromBody(creating, meta('a', 'b-'))).toBe('a')
  expect(nameFromBody(creating, meta('', ''))).toBeUndefined()
  expect(nameFromBody(creating, meta('a', '').subarray(0, -1))).toBeUndefined()
  expect(nameFromBody(creating, Buffer.from('k8s\0'))).toBeUndefined()
})

test('only the bodies of creations are read', () => {
  for (const target of [
    parseTarget('POST', '/clusters/lab/api/v1/namespaces/x/pods/p/eviction'),
    parseTarget('PATCH', '/clusters/lab/api/v1/namespaces/x/pods/p'),
    parseTarget('POST', '/clusters/lab/version'),
  ])
    expect(nameFromBody(target, Buffer.from('{"metadata":{"name":"a"}}'))).toBeUndefined()
})
