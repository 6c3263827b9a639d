import { expect, test } from 'vitest'
import { answerEncoding } from './answer-encoding.ts'

test.each([
  [undefined, 'application/json'],
  ['*/*', 'application/json'],
  ['application/*', 'application/json'],
  ['application/json, */*', 'application/json'],
  ['application/vnd.kubernetes.protobuf', 'application/vnd.kubernetes.protobuf'],
  ['application/vnd.kubernetes.protobuf,application/json', 'application/vnd.kubernetes.protobuf'],
  ['application/json;q=0.5, application/vnd.kubernetes.protobuf', 'application/vnd.kubernetes.protobuf'],
  ['application/cbor, application/json;q=0.9', 'application/json'],
  ['application/json;as=Table;v=v1;g=meta.k8s.io,application/json', 'application/json'],
  ['application/yaml', 'application/yaml'],
])('%s is answered with %s', (accept, type) => {
  expect(answerEncoding(accept)).toBe(type)
})

test.each(['text/html', 'application/cbor', 'application/json;q=0', 'application/json;as=Table', ''])(
  'there is no answer for %j',
  (accept) => {
    expect(() => answerEncoding(accept)).toThrow(expect.objectContaining({ status: 406 }))
  },
)
