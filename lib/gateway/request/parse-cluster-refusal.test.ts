import { expect, test } from 'vitest'
import { parseClusterRefusal } from './parse-cluster-refusal.ts'

const parse = (status: unknown) => parseClusterRefusal('json', Buffer.from(JSON.stringify(status)))
const forbidden = (message: string) => parse({ kind: 'Status', reason: 'Forbidden', message })

test.each([
  [
    'deployments.apps "web" is forbidden: exceeded quota: spaceport, requested: count/deployments.apps=1, used: count/deployments.apps=100, limited: count/deployments.apps=100',
    { kind: 'quota', of: ['count/deployments.apps'] },
  ],
  [
    'pods "web" is forbidden: exceeded quota: spaceport, requested: limits.cpu=1,pods=1, used: limits.cpu=5,pods=20, limited: limits.cpu=5,pods=20',
    { kind: 'quota', of: ['limits.cpu', 'pods'] },
  ],
  [
    'pods "web" is forbidden: exceeded quota: mine, requested: requests.nvidia.com/gpu=1, used: requests.nvidia.com/gpu=1, limited: requests.nvidia.com/gpu=1',
    { kind: 'quota', of: [] },
  ],
  [
    'pods "web" is forbidden: [maximum cpu usage per Container is 2, but limit is 8, maximum memory usage per Container is 4Gi, but limit is 64Gi]',
    { kind: 'container-limit', of: ['cpu', 'memory'] },
  ],
  [
    'pods is forbidden: User "system:serviceaccount:spaceport-users:a" cannot create resource "pods" in API group "" in the namespace "x"',
    { kind: 'rights' },
  ],
  [
    'rolebindings.rbac.authorization.k8s.io "b" is forbidden: user "a" (groups=["b" "c"]) is attempting to grant RBAC permissions not currently held:',
    { kind: 'rights' },
  ],
  [
    "namespaces \"x\" is forbidden: ValidatingAdmissionPolicy 'spaceport-labels' with binding 'spaceport-labels' denied request: no",
    { kind: 'policy', of: ['spaceport-labels'] },
  ],
  [
    'admission webhook "validate.example.com" denied the request: no',
    { kind: 'webhook', of: ['validate.example.com'] },
  ],
  [
    'pods "web" is forbidden: violates PodSecurity "baseline:latest": privileged',
    { kind: 'pod-security', of: ['baseline'] },
  ],
  [
    'pods "web" is forbidden: unable to create new content in namespace x because it is being terminated',
    { kind: 'ending' },
  ],
])('%s', (message, refusal) => {
  expect(forbidden(message)).toEqual(refusal)
})

test.each([
  ['Invalid', 'invalid'],
  ['Conflict', 'conflict'],
  ['AlreadyExists', 'exists'],
  ['NotFound', 'absent'],
])('the reason %s alone means %s', (reason, kind) => {
  expect(parse({ kind: 'Status', reason, message: 'anything' })).toEqual({ kind })
})

const quota = 'exceeded quota: spaceport, requested: pods=1, used: pods=20, limited: pods=20'

test.each([
  ['a name that ends early', `pods "a" is forbidden: ${quota}" is forbidden: no`, { kind: 'quota', of: ['pods'] }],
  ['a name with blanks', `pods "a is forbidden: ${quota}" is forbidden: no`, undefined],
  ['an escaped quote in the name', `pods "a\\" is forbidden: ${quota}" is forbidden: no`, undefined],
  ['a quota later in the text', `pods "a" is forbidden: no: ${quota}`, undefined],
  [
    'a secret as the policy’s name',
    `pods "a" is forbidden: ValidatingAdmissionPolicy 'hunter2 !' with binding 'x' denied request: `,
    undefined,
  ],
  [
    'a secret among the resources',
    'pods "a" is forbidden: exceeded quota: q, requested: hunter2=1,pods=1, used: pods=2',
    { kind: 'quota', of: ['pods'] },
  ],
  [
    'a secret as the container’s resource',
    'pods "a" is forbidden: maximum hunter-two usage per Container is 1',
    { kind: 'container-limit', of: [] },
  ],
])('only known words are kept: %s', (_what, message, refusal) => {
  expect(forbidden(message)).toEqual(refusal)
})

test.each([
  ['no object', '[]'],
  ['no JSON', '{'],
  ['no text', '{"message":1}'],
  ['a reason that every object has', '{"reason":"constructor"}'],
  ['nothing', ''],
])('%s is no refusal', (_what, text) => {
  expect(parseClusterRefusal('json', Buffer.from(text))).toBeUndefined()
  expect(parseClusterRefusal('protobuf', Buffer.from(text))).toBeUndefined()
})

test('a message designed to be slow is read in no time', () => {
  const read = () => {
    const began = performance.now()
    for (const start of ['maximum cpu usage per Container is ', 'exceeded quota: q, requested: pods=1,', '[maximum '])
      forbidden(`pods "a" is forbidden: ${start.repeat(1_000)}`)
    return performance.now() - began
  }
  expect(Math.min(read(), read(), read())).toBeLessThan(500)
})
