import { expect, test } from 'vitest'
import { createNamesReader } from './names-reader.ts'
import { encodeList, encodeNamed } from './protobuf-object-fixture.ts'

/** The result is the same wherever the bytes are cut. */
function read(format: Parameters<typeof createNamesReader>[0], bytes: Buffer) {
  const cut = (size: number) => {
    const reader = createNamesReader(format)
    for (let at = 0; at < bytes.length; at += size) reader.onData(bytes.subarray(at, at + size))
    return reader.found()
  }
  const found = cut(bytes.length || 1)
  for (const size of [1, 2, 3, 7, 64]) expect(cut(size)).toEqual(found)
  return found
}
const json = (text: string) => read('json', Buffer.from(text))

test.each([
  '{"metadata":{"name":"a"}}',
  ' {"a":[1,-2.5e+3,true,null,{"metadata":{"name":"no"}}],"metadata":{"labels":{"name":"no"},"name":"a"}} ',
  '{"a":"\\"metadata\\":{\\"name\\":\\"no\\"}\\\\","metadata":{"name":"a"}}',
  '{"meta\\u0064ata":{"na\\u006de":"\\u0061"}}',
  `{"deep":${'['.repeat(40)}${']'.repeat(40)},"metadata":{"name":"a"}}`,
  `{"deep":${'{"metadata":'.repeat(40)}{"name":"no"}${'}'.repeat(40)},"metadata":{"name":"a"}}`,
])('%s has the name a', (text) => {
  expect(json(text)).toMatchObject({ name: 'a', complete: true })
  expect(JSON.parse(text)).toBeDefined()
})

test.each([
  '',
  '{"metadata":{"name":"a"}',
  '{"metadata":{"name":"a"}}}',
  '{"metadata":{"name":"a"}} {}',
  '{"metadata":{"name":"a"},}',
  '{"metadata":{"name":"a",}}',
  '{"metadata":{"name" "a"}}',
  '{"metadata":{"name":"a"} "b":1}',
  '{\'metadata\':{"name":"a"}}',
  '{metadata:{"name":"a"}}',
  '{"metadata":{"name":"a"}]',
  '{"metadata":{"name":"a"},"x":[1,]}',
  '{"x":[,1],"metadata":{"name":"a"}}',
  '{"metadata":{"name":"a"}}#',
  '{"metadata":{"name":"a"},"metadata":{"name":"b"}}',
  '{"metadata":{"name":"a"},"metadata":{"labels":{}}}',
  '{"metadata":{"name":"a","na\\u006de":"b"}}',
  '{"metadata":{"name":"a\\x"}}',
])('%s is not reliable', (text) => {
  expect(json(text).complete).toBe(false)
})

test('longer names than Kubernetes allows are dropped', () => {
  expect(json(`{"metadata":{"name":"${'a'.repeat(5_000)}"}}`).name).toBeUndefined()
  expect(json(`{"${'a'.repeat(5_000)}":1,"metadata":{"name":"a"}}`).name).toBe('a')
})

test('the first fifty objects of a list are named, and all are counted', () => {
  const items = Array.from({ length: 120 }, (_, at) => ({ metadata: { name: `a${at}` }, kind: 'no' }))
  const list = json(JSON.stringify({ kind: 'SecretList', metadata: { name: '' }, items }))
  expect(list).toMatchObject({ kind: 'SecretList', count: 120, complete: true })
  expect(list.names).toHaveLength(50)
})

test('protobuf names objects only by their metadata', () => {
  expect(read('protobuf', encodeNamed({ name: 'a', generateName: 'b-' }))).toMatchObject({
    ...{ kind: 'Pod', name: 'a', generateName: 'b-', names: [], complete: true },
  })
  expect(read('protobuf', encodeList('SecretList', ['a', 'b']))).toMatchObject({
    ...{ kind: 'SecretList', name: undefined, names: ['a', 'b'], count: 2, complete: true },
  })
  // In an object that isn't a list, the second field has another meaning.
  expect(read('protobuf', encodeList('Secret', ['a', 'b']))).toMatchObject({ names: [], complete: true })
  const bytes = encodeNamed({ name: 'a', generateName: '' })
  expect(read('protobuf', bytes.subarray(0, -1)).complete).toBe(false)
  expect(read('protobuf', Buffer.concat([bytes, bytes.subarray(14)])).complete).toBe(false)
  expect(read('protobuf', Buffer.from('name: a')).complete).toBe(false)
})

test('YAML names objects only by their metadata', () => {
  const yaml = (...lines: string[]) => read('yaml', Buffer.from(lines.join('\n')))
  const deceiving = [
    'data:',
    '  a: |',
    '    metadata:',
    '      name: no',
    '    kind: no',
    '  name: no',
    '  metadata: no',
  ]
  expect(
    yaml(...deceiving, 'kind: ConfigMap', 'metadata:', '  annotations:', '    name: no', '  name: "123"'),
  ).toMatchObject({
    ...{ kind: 'ConfigMap', name: '123' },
  })
  expect(
    yaml('kind: Table', 'rows:', '- cells:', '  - a', '  object:', '    metadata:', '      name: a'),
  ).toMatchObject({
    ...{ kind: 'Table', names: ['a'], name: undefined },
  })
})
