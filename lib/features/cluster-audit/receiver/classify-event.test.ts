import { expect, test } from 'vitest'
import {
  brokerUserName,
  gatewayUserName,
  healthUserName,
  personUserName,
} from '#lib/kernel/model/spaces/cluster-names.ts'
import { classifyEvent } from './classify-event.ts'
import { readClusterEvent } from './cluster-event.ts'
import { eventOf } from './event-fixture.ts'

type Changed = Record<string, unknown>
const ignored = new Set(['system:serviceaccounts:argocd', 'cd-bot'])

function classification(changed: Changed) {
  const event = readClusterEvent(eventOf(changed))
  if (!event) throw new Error('not an event')
  return classifyEvent(event, ignored)
}
/** @returns the route and the verb of a row, or why there is none */
function kept(changed: Changed): string {
  const { keep } = classification(changed)
  return typeof keep === 'string' ? keep : `${keep.route} ${keep.verb}${keep.proof === 'none' ? '' : `, ${keep.proof}`}`
}
const by = (username: string, groups: string[] = [], extra: Record<string, string[]> = {}) => ({
  user: { username, groups, extra },
})
const alice = { impersonatedUser: { username: personUserName('alice-1a2b3c') } }
const impersonatingProof = { impersonatedUser: { username: personUserName('spaceport-fence-proof') } }
const ref = (resource: string, more: Record<string, string> = {}) => ({
  objectRef: { resource, namespace: 'lab', apiVersion: 'v1', ...more },
})
const asHealth = { impersonatedUser: { username: healthUserName } }
const all = (resource: string) => ({ objectRef: { resource, apiVersion: 'v1' } })
const account = (namespace: string, name: string, ofPod = false) =>
  by(
    `system:serviceaccount:${namespace}:${name}`,
    ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, 'system:authenticated'],
    ofPod ? { 'authentication.kubernetes.io/pod-name': ['one'] } : {},
  )
const token = { 'authentication.kubernetes.io/credential-id': ['JTI=1d5a328a-0c3a-4699-ad60-a4308f81bf4d'] }
const controller = (name: string, extra: Record<string, string[]> = {}) => {
  const { username, groups } = account('kube-system', name).user
  return by(username, groups, { ...token, ...extra })
}

test.each<[string, Changed, string]>([
  ['a cluster admin deletes', {}, 'around delete'],
  ['through the gateway', { ...by(gatewayUserName), ...alice }, 'gateway delete, intent'],
  [
    'the gateway reads a secret for a person',
    { ...by(gatewayUserName), ...alice, ...ref('secrets'), verb: 'get' },
    'gateway get, note',
  ],
  [
    'the gateway reads a log for a person',
    { ...by(gatewayUserName), ...alice, ...ref('pods', { subresource: 'log' }), verb: 'get' },
    'gateway get, note',
  ],
  [
    'the gateway begins to follow a log',
    {
      ...{ ...by(gatewayUserName), ...alice, ...ref('pods', { subresource: 'log' }), verb: 'get' },
      ...{ stage: 'ResponseStarted', responseStatus: { code: 200 } },
    },
    'gateway get, note',
  ],
  ['the gateway reads something else', { ...by(gatewayUserName), ...alice, ...ref('configmaps'), verb: 'get' }, 'read'],
  [
    'the gateway’s identity reads secrets as itself',
    { ...by(gatewayUserName), ...ref('secrets'), verb: 'list', responseStatus: { code: 403 } },
    'around list, impossible',
  ],
  ['the gateway’s identity as itself', by(gatewayUserName), 'around delete, impossible'],
  [
    'the gateway’s identity as another user',
    { ...by(gatewayUserName), impersonatedUser: { username: 'root' } },
    'around delete, impossible',
  ],
  ['the broker', by(brokerUserName), 'spaceport delete'],
  [
    'the broker reads the health of spaces',
    { ...by(brokerUserName), ...asHealth, ...all('pods'), verb: 'watch' },
    'read',
  ],
  [
    'the broker reads the workloads of a space',
    { ...by(brokerUserName), ...asHealth, ...ref('deployments', { apiGroup: 'apps' }), verb: 'list' },
    'read',
  ],
  [
    'the broker follows the pods of one space as the reader of health',
    { ...by(brokerUserName), ...asHealth, ...ref('pods'), verb: 'watch' },
    'around watch, impossible',
  ],
  [
    'the broker reads a log as the reader of health',
    { ...by(brokerUserName), ...asHealth, ...ref('pods', { subresource: 'log' }), verb: 'get' },
    'around get, impossible',
  ],
  [
    'the broker reads secrets as the reader of health',
    { ...by(brokerUserName), ...asHealth, ...all('secrets'), verb: 'list' },
    'around list, impossible',
  ],
  [
    'the broker deletes pods as the reader of health',
    { ...by(brokerUserName), ...asHealth, ...ref('pods'), verb: 'delete' },
    'around delete, impossible',
  ],
  [
    'the gateway reads the health of spaces',
    { ...by(gatewayUserName), ...asHealth, ...all('pods'), verb: 'list' },
    'around list, impossible',
  ],
  ['the broker’s identity as a person', { ...by(brokerUserName), ...alice }, 'around delete, impossible'],
  [
    'the broker’s identity as a person, dry',
    { ...by(brokerUserName), ...alice, requestURI: '/x?dryRun=All' },
    'around delete, impossible',
  ],
  [
    'the broker’s identity reads a secret as a person',
    { ...by(brokerUserName), ...alice, ...ref('secrets'), verb: 'get' },
    'around get, impossible',
  ],
  [
    'the broker’s identity reads a log as a person',
    { ...by(brokerUserName), ...alice, ...ref('pods', { subresource: 'log' }), verb: 'get' },
    'around get, impossible',
  ],
  [
    'the broker’s identity reads secrets as itself',
    { ...by(brokerUserName), ...ref('secrets'), verb: 'list' },
    'spaceport list, impossible',
  ],
  ['the broker reads as a person', { ...by(brokerUserName), ...alice, ...ref('pods'), verb: 'list' }, 'read'],
  ['a person’s own token, past the gateway', by(personUserName('alice-1a2b3c')), 'around delete'],
  ['an admin acts as a person', alice, 'around delete'],
  ['an admin acts as a controller', { impersonatedUser: { username: 'system:kube-scheduler' } }, 'around delete'],
  ['a controller acts as a person', { ...account('kube-system', 'proxy'), ...alice }, 'around delete'],
  ['a controller', controller('replicaset-controller'), 'controller'],
  ['a controller’s name with a token from a Secret', account('kube-system', 'replicaset-controller'), 'around delete'],
  [
    'a pod with a controller’s name',
    controller('replicaset-controller', { 'authentication.kubernetes.io/pod-name': ['one'] }),
    'around delete',
  ],
  [
    'a token that is bound to a node, with a controller’s name',
    controller('replicaset-controller', { 'authentication.kubernetes.io/node-name': ['n1'] }),
    'around delete',
  ],
  ['a controller’s name in another namespace', account('lab', 'replicaset-controller'), 'around delete'],
  ['a new ServiceAccount in kube-system', controller('handmade'), 'around delete'],
  ['this ServiceAccount reads a secret', { ...controller('handmade'), ...ref('secrets'), verb: 'get' }, 'around get'],
  ['the controller manager', by('system:kube-controller-manager'), 'controller'],
  ['the controller manager’s name with a token', by('system:kube-controller-manager', [], token), 'around delete'],
  ['a node', by('system:node:n1', ['system:nodes']), 'controller'],
  ['another name in the nodes’ group', by('mallory', ['system:nodes']), 'around delete'],
  ['a node’s name outside of their group', by('system:node:n1'), 'around delete'],
  ['the operator’s own controller, by group', account('argocd', 'app'), 'controller'],
  ['the operator’s own controller, by name', by('cd-bot'), 'controller'],
  ['a pod in its own space', account('lab', 'default', true), 'workload'],
  ['a pod of another space', account('other', 'default', true), 'around delete'],
  ['a ServiceAccount’s token that isn’t bound to a pod', account('lab', 'default'), 'around delete'],
  ['an anonymous user who is refused', { ...by('system:anonymous'), responseStatus: { code: 403 } }, 'stranger'],
  ['an anonymous user who is let in', by('system:anonymous'), 'around delete'],
  ['a user who is refused', { responseStatus: { code: 403 } }, 'around delete'],
  ['a read', { verb: 'get' }, 'read'],
  ['a list of secrets', { verb: 'list', ...ref('secrets') }, 'around list'],
  ['a read of another kind named secrets', { verb: 'get', ...ref('secrets', { apiGroup: 'example.com' }) }, 'read'],
  ['exec', { verb: 'get', ...ref('pods', { subresource: 'exec' }) }, 'around exec'],
  [
    'the beginning of exec',
    { verb: 'get', stage: 'ResponseStarted', responseStatus: { code: 101 }, ...ref('pods', { subresource: 'exec' }) },
    'around exec',
  ],
  ['attach', { verb: 'create', ...ref('pods', { subresource: 'attach' }) }, 'around attach'],
  ['port-forward', { verb: 'create', ...ref('pods', { subresource: 'portforward' }) }, 'around port-forward'],
  ['a read through the proxy', { verb: 'get', ...ref('services', { subresource: 'proxy' }) }, 'around proxy'],
  ['a pod’s log', { verb: 'get', ...ref('pods', { subresource: 'log' }) }, 'read'],
  [
    'a token of a ServiceAccount',
    { verb: 'create', ...ref('serviceaccounts', { subresource: 'token' }) },
    'around create',
  ],
  ['a review', { verb: 'create', ...ref('localsubjectaccessreviews', { apiGroup: 'authorization.k8s.io' }) }, 'review'],
  ['the beginning of a change', { stage: 'ResponseStarted' }, 'stage'],
  ['a request that has only arrived', { stage: 'RequestReceived' }, 'stage'],
  ['a panic', { stage: 'Panic' }, 'around delete'],
  ['a verb of its own', { verb: 'bind' }, 'around request'],
])('%s: %#', (_what, changed, expected) => {
  expect(kept(changed)).toBe(expected)
})

/** A proof of a fence, as a stolen broker token would modify it. */
const asProver = { ...by(brokerUserName), ...impersonatingProof }
const inProofs = { namespace: 'spaceport-fence-proof', name: 'spaceport-fence-proof' }
const proof = { ...asProver, verb: 'create', requestURI: '/x?dryRun=All', ...ref('pods', inProofs) }
const read = (resource: string, more: Record<string, string> = {}) => ({ verb: 'get', ...ref(resource, more) })

test.each<[string, Changed, string]>([
  ['as it is', proof, 'proof'],
  ['refused before its object was read', { ...proof, ...ref('pods', { ...inProofs, name: '' }) }, 'proof'],
  ['as the broker itself', { ...proof, impersonatedUser: undefined, ...ref('namespaces', { namespace: '' }) }, 'proof'],
  ['as the broker itself, of a kind only for others', { ...proof, impersonatedUser: undefined }, 'impossible'],
  ['by another', { ...proof, ...by('mallory') }, 'around'],
  ['by the gateway', { ...proof, ...by(gatewayUserName) }, 'impossible'],
  ['for real', { ...proof, requestURI: '/x' }, 'impossible'],
  ['with a dry run in the value of another parameter', { ...proof, requestURI: '/x?a=b?dryRun=All' }, 'impossible'],
  ['with a parameter that is called ?dryRun', { ...proof, requestURI: '/x??dryRun=All' }, 'impossible'],
  ['with a dry run that the API server can’t read', { ...proof, requestURI: '/x?dryRun=All;a' }, 'impossible'],
  ['with another value', { ...proof, requestURI: '/x?dryRun=all' }, 'impossible'],
  ['with two values', { ...proof, requestURI: '/x?dryRun=All&dryRun=All' }, 'impossible'],
  ['with a dry run in the path', { ...proof, requestURI: '/x&dryRun=All' }, 'impossible'],
  ['with a URI that was cut', { ...proof, requestURI: `/x?dryRun=All&a=${'b'.repeat(2_000)}` }, 'impossible'],
  ['another verb', { ...proof, verb: 'delete' }, 'impossible'],
  ['another kind', { ...proof, ...ref('secrets', inProofs) }, 'impossible'],
  ['another group', { ...proof, ...ref('pods', { ...inProofs, apiGroup: 'example.com' }) }, 'impossible'],
  ['another namespace', { ...proof, ...ref('pods') }, 'impossible'],
  ['a subresource', { ...proof, ...ref('pods', { ...inProofs, subresource: 'eviction' }) }, 'impossible'],
  [
    'another object of the kind',
    { ...proof, verb: 'patch', ...ref('namespaces', { namespace: 'lab', name: 'lab' }) },
    'impossible',
  ],
])('a proof of a fence, %s: %#', (_what, changed, expected) => {
  const { keep, everywhere } = classification(changed)
  const said = typeof keep === 'string' ? keep : keep.proof === 'none' ? keep.route : keep.proof
  expect([said, said === 'impossible' ? everywhere : true]).toEqual([expected, true])
})

test.each<[string, Changed]>([
  ['reads a secret', read('secrets')],
  ['reads a ConfigMap', read('configmaps')],
  ['reads a log', read('pods', { subresource: 'log' })],
  ['runs a command', read('pods', { subresource: 'exec' })],
  ['attaches', read('pods', { subresource: 'attach' })],
  ['opens a port', read('pods', { subresource: 'portforward' })],
  ['uses a proxy', read('services', { subresource: 'proxy' })],
  ['asks what it may do', { verb: 'create', ...ref('selfsubjectrulesreviews', { apiGroup: 'authorization.k8s.io' }) }],
  ['reads something that is no object', { verb: 'get', objectRef: undefined }],
])(
  'a Spaceport token that %s as the proofs’ identity, or as a user who isn’t one of its people, is detected',
  (_what, changed) => {
    for (const requestURI of ['/x', '/x?dryRun=All'])
      for (const user of [brokerUserName, gatewayUserName])
        for (const as of [impersonatingProof, { impersonatedUser: { username: 'root@example.com' } }])
          expect(classification({ ...by(user), ...as, ...changed, requestURI })).toMatchObject({
            keep: { route: 'around', proof: 'impossible' },
            everywhere: true,
          })
  },
)

test('only proofs are left out of the broker’s changes and connections in the namespace of the proofs', () => {
  const there = { ...by(brokerUserName), ...ref('rolebindings', inProofs) }
  expect(classification({ ...there, verb: 'create' })).toMatchObject({
    keep: { proof: 'impossible' },
    everywhere: true,
  })
  expect(classification({ ...there, ...ref('namespaces', inProofs), verb: 'delete' })).toMatchObject({
    keep: { proof: 'impossible' },
  })
  expect(kept({ ...there, ...ref('roles', inProofs), verb: 'list' })).toBe('read')
  expect(kept({ ...by(brokerUserName), ...ref('pods', { subresource: 'exec' }) })).toBe('spaceport exec, impossible')
})

test('Spaceport’s identities and people never count as workloads of their namespaces, even with a pod’s token', () => {
  const ofPod = (namespace: string, name: string) => ({
    ...account(namespace, name, true),
    ...ref('secrets', { namespace }),
    verb: 'get',
  })
  expect(classification(ofPod('spaceport-system', 'spaceport-gateway'))).toMatchObject({
    keep: { proof: 'impossible' },
  })
  expect(classification(ofPod('spaceport-system', 'spaceport-broker'))).toMatchObject({ keep: { proof: 'impossible' } })
  expect(classification(ofPod('spaceport-users', 'alice-1a2b3c'))).toMatchObject({
    keep: { verb: 'get' },
    everywhere: true,
  })
  expect(kept(ofPod('spaceport-system', 'operator'))).toBe('workload')
})

test('a status 401 or 403 from behind a proxy is not a refusal', () => {
  const proxy = {
    ...{ verb: 'create', ...ref('services', { subresource: 'proxy' }), responseStatus: { code: 403 } },
    annotations: { 'authorization.k8s.io/decision': 'allow' },
  }
  expect(classification(proxy).isDirectAccess).toBe(true)
  expect(kept({ ...proxy, ...by('system:anonymous') })).toBe('around proxy')
  expect(kept({ ...proxy, ...by('system:anonymous'), annotations: {} })).toBe('stranger')
  // Here the API server refused after it had allowed the verb: by a policy or a quota.
  expect(kept({ ...proxy, ...by('system:anonymous'), ...ref('pods') })).toBe('stranger')
})

test('reads and workloads count as direct access to a space; Spaceport, controllers and refused users don’t', () => {
  expect(classification({ verb: 'get' }).isDirectAccess).toBe(true)
  expect(classification(account('lab', 'default', true)).isDirectAccess).toBe(true)
  expect(classification({ ...by(gatewayUserName), ...alice, verb: 'get' }).isDirectAccess).toBe(false)
  expect(classification({ ...by(brokerUserName), verb: 'get' }).isDirectAccess).toBe(false)
  expect(classification({ ...controller('generic-garbage-collector'), verb: 'get' })).toMatchObject({
    ...{ isDirectAccess: false, isDirectAccessIfIssued: true },
  })
  expect(
    classification({ ...controller('generic-garbage-collector'), responseStatus: { code: 403 } })
      .isDirectAccessIfIssued,
  ).toBe(false)
  expect(classification({ ...controller('handmade'), verb: 'get' }).isDirectAccess).toBe(true)
  expect(classification({ responseStatus: { code: 403 } }).isDirectAccess).toBe(false)
})

test('outside of spaces, events about a person, tokens in Spaceport’s namespaces, or all secrets are kept', () => {
  expect(classification({}).everywhere).toBe(false)
  expect(classification({ ...by(gatewayUserName), ...alice }).everywhere).toBe(true)
  expect(classification(alice).everywhere).toBe(true)
  expect(classification(by(personUserName('alice-1a2b3c'))).everywhere).toBe(true)
  expect(classification(by(brokerUserName)).everywhere).toBe(false)
  expect(
    classification({
      objectRef: { resource: 'serviceaccounts', subresource: 'token', namespace: 'spaceport-users' },
      verb: 'create',
    }).everywhere,
  ).toBe(true)
  expect(
    classification({
      objectRef: { resource: 'roles', apiGroup: 'rbac.authorization.k8s.io', namespace: 'spaceport-users' },
    }).everywhere,
  ).toBe(false)
  expect(classification({ objectRef: { resource: 'secrets' }, verb: 'list' }).everywhere).toBe(true)
  expect(
    classification({
      objectRef: { resource: 'serviceaccounts', subresource: 'token', namespace: 'kube-system' },
      verb: 'create',
    }).everywhere,
  ).toBe(true)
})

test('an operator’s list can’t exclude Spaceport’s own identities', () => {
  const all = new Set(['system:serviceaccounts', 'system:authenticated', gatewayUserName, brokerUserName])
  for (const user of [gatewayUserName, brokerUserName, personUserName('alice-1a2b3c')]) {
    const event = readClusterEvent(eventOf(by(user, ['system:serviceaccounts', 'system:authenticated'])))
    expect(event && classifyEvent(event, all).keep).not.toBe('controller')
  }
})

test('the actor is the person behind the gateway, otherwise the authenticated user', () => {
  expect(classification({ ...by(gatewayUserName), ...alice }).person).toBe('alice-1a2b3c')
  expect(classification(by(personUserName('alice-1a2b3c'))).person).toBe('alice-1a2b3c')
  expect(classification(alice).person).toBe('')
})
