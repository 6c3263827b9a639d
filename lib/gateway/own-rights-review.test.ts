import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire'
import { describe, expect, test } from 'vitest'
import { type Access, indexAccess } from './access.ts'
import { judgeOwnRightsReview } from './own-rights-review.ts'
import { parseTarget } from './parse-target.ts'

const spans = ['mine', 'other'].map((name) => ({
  spaceId: `id-of-${name}`,
  cluster: 'lab',
  namespace: name,
  role: 'editor' as const,
  startsAt: null,
  endsAt: null,
}))
const access = (spaceId: string | null): Access =>
  indexAccess({
    tokenHash: '00',
    credentialId: 'credential',
    endsAt: 10_000,
    revokedAt: null,
    deactivatedAt: null,
    cluster: 'lab',
    spaceId,
    userId: 'user',
    handle: 'alice-7f3a9c',
    name: 'Alice',
    email: 'alice@example.com',
    spans,
  })
const post = (resource: string) => parseTarget('POST', `/clusters/lab/apis/authorization.k8s.io/v1/${resource}`)
const bound = access('id-of-mine')

function judged(resource: string, review: unknown, by = bound) {
  const text = typeof review === 'string' ? review : JSON.stringify(review)
  const result = judgeOwnRightsReview(post(resource), by, Buffer.from(text))
  if (result === null) return null
  return 'ask' in result ? { ask: JSON.parse(String(result.ask)) } : { answer: JSON.parse(String(result.answer)) }
}

test.each([
  ['selfsubjectaccessreviews', { kind: 'x', spec: { resourceAttributes: { namespace: 'mine', verb: 'get' } } }],
  ['selfsubjectaccessreviews', { spec: { resourceAttributes: { verb: 'list', resource: 'nodes' } } }],
  ['selfsubjectaccessreviews', { spec: { nonResourceAttributes: { path: '/version', verb: 'get' } } }],
  ['selfsubjectrulesreviews', { spec: { namespace: 'mine' } }],
])('%s %j goes upstream as it is', (resource, review) => {
  expect(judged(resource, review)).toEqual({ ask: review })
})

test.each(['other', 'kube-system', 'nowhere'])('of the namespace %s it learns nothing, whosever it is', (namespace) => {
  const reason = 'this credential is bound to another space'
  const common = { apiVersion: 'authorization.k8s.io/v1', metadata: {} }
  const resourceAttributes = { namespace }
  expect(judged('selfsubjectaccessreviews', { spec: { resourceAttributes: { namespace, verb: 'get' } } })).toEqual({
    answer: {
      ...common,
      kind: 'SelfSubjectAccessReview',
      spec: { resourceAttributes },
      status: { allowed: false, reason },
    },
  })
  expect(judged('selfsubjectrulesreviews', { spec: { namespace } })).toEqual({
    answer: {
      ...common,
      kind: 'SelfSubjectRulesReview',
      spec: { namespace },
      status: { resourceRules: [], nonResourceRules: [], incomplete: true, evaluationError: reason },
    },
  })
})

test('of a key that comes twice, what goes upstream is what was looked at', () => {
  const twice = '{"spec":{"namespace":"other","namespace":"mine"}}'
  expect(judged('selfsubjectrulesreviews', twice)).toEqual({ ask: { spec: { namespace: 'mine' } } })
})

describe('in protobuf', () => {
  const field = (number: number, content: Uint8Array | string) =>
    new BinaryWriter().tag(number, WireType.LengthDelimited).bytes(Buffer.from(content)).finish()
  const both = (...parts: Uint8Array[]) => Buffer.concat(parts)
  const sent = (spec: Uint8Array) => both(Buffer.from('k8s\0'), field(1, 'type'), field(2, both(field(1, ''), spec)))
  const judge = (resource: string, body: Buffer) => judgeOwnRightsReview(post(resource), bound, body)
  const access = (...parts: Uint8Array[]) => sent(field(2, field(1, both(...parts))))
  const rules = (...parts: Uint8Array[]) => sent(field(2, both(...parts)))

  test('one’s own space goes upstream byte for byte, another is answered', () => {
    for (const body of [access(field(1, 'mine'), field(2, 'get')), access(field(2, 'list')), sent(field(2, ''))])
      expect(judge('selfsubjectaccessreviews', body)).toEqual({ ask: body })
    expect(judge('selfsubjectrulesreviews', rules(field(1, 'mine')))).toHaveProperty('ask')
    expect(judge('selfsubjectaccessreviews', access(field(2, 'get'), field(1, 'other')))).toHaveProperty('answer')
    expect(judge('selfsubjectrulesreviews', rules(field(1, 'other')))).toHaveProperty('answer')
  })

  test('what comes twice, with a number too large, or cut off is refused', () => {
    // Cut to 32 bits, as Go does, this is field 1.
    const large = Buffer.concat([Buffer.from([0x8a, 0x80, 0x80, 0x80, 0x80, 0x01, 5]), Buffer.from('other')])
    for (const body of [
      rules(field(1, 'mine'), field(1, 'other')),
      sent(both(field(2, field(1, 'mine')), field(2, field(1, 'other')))),
      both(rules(field(1, 'mine')), field(2, field(2, field(1, 'other')))),
      rules(field(1, 'mine'), large),
      rules(field(1, 'mine')).subarray(0, -1),
    ])
      expect(() => judge('selfsubjectrulesreviews', body)).toThrow(expect.objectContaining({ key: 'bad_body' }))
  })
})

test.each(['{"spec":{"namespace":["other"]}}', '{"spec":', '[]', 'spec: {namespace: other}', '\xd9\xd9\xf7'])(
  'what is no review is refused: %j',
  (body) => {
    expect(() => judged('selfsubjectrulesreviews', body)).toThrow(expect.objectContaining({ key: 'bad_body' }))
  },
)

test('a credential for all spaces, and any other request, is not looked into', () => {
  expect(judged('selfsubjectrulesreviews', { spec: { namespace: 'other' } }, access(null))).toBeNull()
  expect(judged('subjectaccessreviews', { spec: {} })).toBeNull()
})
