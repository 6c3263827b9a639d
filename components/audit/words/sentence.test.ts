import { expect, test } from 'vitest'
import type { AuditNames } from '#lib/features/audit/model/audit-view.ts'
import { auditActions, clusterActions, gatewayActions } from '#lib/kernel/model/audit/audit-action.ts'
import { knownActions } from './action-words.ts'
import type { EventContent } from './event-words.ts'
import { actionLabel, sentenceOf } from './sentence.ts'
import type { SentencePart } from './sentence-part.ts'

const plainText = (parts: readonly SentencePart[]): string =>
  parts.map((part) => (typeof part === 'string' ? part : 'name' in part ? part.name : part.text)).join('')

const spaceId = '0b6ad5c2-3f5e-4f7e-9d6a-3f0f5b1c2d3e'
const credentialId = '7c6ad5c2-3f5e-4f7e-9d6a-3f0f5b1c2d3e'
const names: AuditNames = {
  people: { 'alice-7f3a9c': 'Alice', 'bob-1a2b3c': 'Bob' },
  spaces: { [spaceId]: { name: 'web-dev', cluster: 'default', deleted: false, isOpen: true } },
  credentials: { [credentialId]: { handle: 'alice-7f3a9c', name: 'Alice' } },
}
const alice = { kind: 'user', handle: 'alice-7f3a9c', name: 'Alice' }
const carol = { kind: 'user', handle: 'carol-4b7c6a', name: 'Carol' }
const anonymous = { kind: 'anonymous', handle: null, name: null }
const system = { kind: 'system', handle: null, name: 'worker' }

const row: EventContent = {
  action: 'space.create',
  actor: alice,
  target: { kind: 'space', id: spaceId, name: 'web-dev' },
  spaceId,
  namespace: 'web-dev',
  sourceAddress: '192.0.2.1',
  destination: 'cluster/default',
  outcome: 'ok',
  reason: null,
  detail: {},
  route: null,
}

const sentenceFor = (given: Partial<EventContent>, more: { within?: string; full?: boolean } = {}) =>
  plainText(sentenceOf({ ...row, ...given }, { names, full: true, ...more }))

const object = (kind: string, name: string | null) => ({ target: { kind, id: null, name } })
const person = { target: { kind: 'person', id: 'user-2', name: 'bob-1a2b3c' }, spaceId: null, namespace: null }
const own = { target: { kind: 'person', id: 'user-1', name: 'alice-7f3a9c' }, spaceId: null, namespace: null }
const review = { target: { kind: 'review', id: 'review-1', name: 'Spring' }, spaceId: null, namespace: null }
const none = { target: { kind: 'portal', id: null, name: null }, spaceId: null, namespace: null }
const wanted = {
  kind: 'role',
  spaceId,
  cluster: 'default',
  space: 'web-dev',
  role: 'editor',
  minutes: 240,
  startsAt: null,
}

test.each<[Partial<EventContent>, string]>([
  [{ action: 'space.create' }, 'Alice created the space web-dev'],
  [{ action: 'space.create', outcome: 'refused' }, 'Alice tried to create the space web-dev'],
  [{ action: 'space.create', outcome: 'failed' }, 'Alice tried to create the space web-dev'],
  [{ action: 'space.create', outcome: 'unknown' }, 'Alice began to create the space web-dev'],
  [
    {
      action: 'space.update',
      detail: { before: { size: 'S' }, after: { size: 'M', endsAt: '2026-11-26T10:00:00.000Z' } },
    },
    'Alice changed the space web-dev: size from S to M, ends 26 Nov 2026, 10:00 UTC',
  ],
  [
    { action: 'space.delete', actor: system, detail: { why: 'its end date has passed' } },
    'Spaceport deleted the space web-dev: its end date has passed',
  ],
  [{ action: 'space.offer', detail: { to: 'bob-1a2b3c' } }, 'Alice offered the space web-dev to Bob'],
  [
    { action: 'space.offer-accept', detail: { from: 'bob-1a2b3c' } },
    'Alice accepted the space web-dev from Bob and now owns it',
  ],
  [
    { action: 'space.drift-repaired', actor: system, detail: { drifted: ['ResourceQuota/spaceport'] } },
    'Spaceport reverted changes made on the cluster to ResourceQuota/spaceport in web-dev',
  ],
  [
    { action: 'grant.add', detail: { principal: 'user:bob-1a2b3c', role: 'editor', endsAt: '2026-11-26T10:00:00Z' } },
    'Alice added Bob as editor to web-dev until 26 Nov 2026, 10:00 UTC',
  ],
  [
    {
      action: 'grant.change',
      detail: { principal: 'user:bob-1a2b3c', before: { role: 'viewer' }, after: { role: 'editor' } },
    },
    'Alice changed Bob’s role in web-dev from viewer to editor',
  ],
  [
    { action: 'grant.remove', detail: { principal: 'group:team-blue', role: 'viewer' } },
    'Alice removed the group team-blue (viewer) from web-dev',
  ],
  [
    { action: 'grant.end', actor: system, detail: { principal: 'user:bob-1a2b3c', role: 'editor' } },
    'Spaceport ended Bob’s editor role in web-dev on its end date',
  ],
  [
    { action: 'request.approve', actor: carol, detail: { request: wanted, requester: 'alice-7f3a9c' } },
    'Carol approved Alice’s editor access to web-dev for 4 hours',
  ],
  [
    {
      action: 'request.approve',
      actor: carol,
      detail: { request: wanted, requester: 'alice-7f3a9c', minutes: 60, approval: 1, approvals: 2 },
    },
    'Carol approved Alice’s editor access to web-dev for 1 hour (approval 1 of 2)',
  ],
  [
    { action: 'request.deny', actor: carol, detail: { request: wanted, requester: 'alice-7f3a9c' } },
    'Carol denied Alice’s request for editor access to web-dev for 4 hours',
  ],
  [
    { action: 'request.create', detail: { request: { id: 'request-1', ...wanted } } },
    'Alice asked for editor access to web-dev for 4 hours',
  ],
  [{ action: 'request.withdraw' }, 'Alice withdrew their request in web-dev'],
  [
    { action: 'credential.revoke', actor: carol, target: { kind: 'credential', id: credentialId, name: null } },
    'Carol revoked Alice’s kubeconfig',
  ],
  [
    {
      action: 'credential.revoke',
      actor: carol,
      target: { kind: 'credential', id: null, name: null },
      detail: { count: 12 },
    },
    'Carol revoked 12 kubeconfigs',
  ],
  [
    { action: 'credential.create', detail: { credentialId, bound: false, endsAt: '2026-11-26T10:00:00.000Z' } },
    'Alice created a kubeconfig for all of their spaces, valid until 26 Nov 2026, 10:00 UTC',
  ],
  [
    { action: 'credential.create', detail: { credentialId, bound: true, name: 'laptop' } },
    'Alice created a kubeconfig “laptop” for web-dev',
  ],
  [
    { action: 'credential.create', detail: { credentialId, browser: true } },
    'Alice created browser access to their spaces',
  ],
  [{ action: 'session.sign-in', ...none }, 'Alice signed in'],
  [
    { action: 'session.sign-in', ...none, actor: anonymous, outcome: 'refused' },
    'Someone who isn’t signed in tried to sign in',
  ],
  [{ action: 'session.end', ...own, detail: { sessions: 2 } }, 'Alice ended 2 sessions of their own'],
  [{ action: 'session.end', ...person, detail: { sessions: 1 } }, 'Alice ended 1 session of Bob'],
  [{ action: 'session.backchannel-logout', ...none }, 'The identity provider signed Alice out'],
  [{ action: 'person.deactivate', ...person, outcome: 'refused' }, 'Alice tried to deactivate Bob'],
  [
    { action: 'admin-role.activate', ...own, detail: { minutes: 30 } },
    'Alice activated the platform admin role for 30 minutes',
  ],
  [{ action: 'admin-role.end', ...own }, 'Alice ended their own platform admin role'],
  [
    { action: 'review.decide', ...review, detail: { decision: 'revoke' } },
    'Alice decided to revoke access in the access review Spring',
  ],
  [
    { action: 'access.ask', spaceId: null, detail: { question: 'who-may', verb: 'delete', resource: 'pods' } },
    'Alice asked the cluster who may delete pods in web-dev',
  ],
  [
    {
      ...{ action: 'cluster.delete', ...object('deployments.apps', 'web') },
      actor: { kind: 'cluster', handle: null, name: 'root@example.com' },
    },
    'root@example.com deleted the deployment web in web-dev at the API server',
  ],
  [
    {
      ...{ action: 'cluster.unmatched', ...object('deployments.apps', 'web') },
      actor: { kind: 'cluster', handle: null, name: 'system:serviceaccount:spaceport-system:spaceport-gateway' },
      detail: { verb: 'delete', impersonated: 'system:serviceaccount:spaceport-users:alice-7f3a9c' },
    },
    'Someone with Spaceport’s token deleted the deployment web in web-dev as system:serviceaccount:spaceport-users:alice-7f3a9c',
  ],
  [
    { action: 'kubectl.delete', ...object('deployments.apps', 'web') },
    'Alice deleted the deployment web in web-dev with kubectl',
  ],
  [
    { action: 'kubectl.create', ...object('ingresses.networking.k8s.io', null) },
    'Alice created an ingress in web-dev with kubectl',
  ],
  [
    { action: 'kubectl.patch', ...object('deployments/scale.apps', 'web') },
    'Alice scaled the deployment web in web-dev with kubectl',
  ],
  [{ action: 'kubectl.list', ...object('secrets', null) }, 'Alice listed secrets in web-dev with kubectl'],
  [
    { action: 'kubectl.get', ...object('secrets', 'db'), detail: { repeated: 3 } },
    'Alice read the secret db in web-dev with kubectl, 3 more times within a minute',
  ],
  [
    { action: 'kubectl.deletecollection', ...object('pods', null) },
    'Alice deleted several pods at once in web-dev with kubectl',
  ],
  [
    { action: 'kubectl.create', ...object('configmaps', 'a'), outcome: 'refused', detail: { dryRun: true } },
    'Alice tried to create the config map a in web-dev with kubectl, as a dry run',
  ],
  [
    { action: 'kubectl.exec', ...object('pods/exec', 'web-0'), detail: { command: ['sh', '-c', 'id'] } },
    'Alice ran sh -c id in the pod web-0 in web-dev with kubectl',
  ],
  [
    { action: 'kubectl.exec', ...object('pods/exec', 'web-0'), detail: { command: ['sh'], browser: true } },
    'Alice ran sh in the pod web-0 in web-dev in the browser',
  ],
  [
    { action: 'kubectl.stream-end', ...object('pods/exec', 'web-0'), detail: { stream: 'kubectl.exec', seconds: 180 } },
    'Alice’s command in the pod web-0 in web-dev ended after 3 minutes',
  ],
  [
    {
      action: 'kubectl.list',
      actor: anonymous,
      outcome: 'refused',
      reason: 'unknown_credential',
      detail: { repeated: 120 },
    },
    'Someone who isn’t signed in made 120 requests with a wrong credential from 192.0.2.1',
  ],
  [
    { action: 'kubectl.request', actor: anonymous, outcome: 'refused', reason: 'bad_path' },
    'Someone who isn’t signed in made a request from 192.0.2.1',
  ],
  [
    { action: 'kubectl.put', ...none, target: { kind: 'path', id: null, name: '/x' } },
    'Alice sent PUT to /x with kubectl',
  ],
  [
    { action: 'trail.verified', ...none, actor: system, detail: { result: 'broken' } },
    'Spaceport verified the audit trail: broken',
  ],
  [
    { action: 'trail.verify', ...none, detail: { from: '2026-11-01T00:00:00Z' } },
    'Alice requested a verification of the audit trail, from 1 Nov 2026, 00:00 UTC',
  ],
  [{ action: 'kubectl.teleport' }, 'Alice did kubectl.teleport'],
  [{ action: 'constructor' }, 'Alice did constructor'],
])('%j reads as a sentence', (given, sentence) => {
  expect(sentenceFor(given)).toBe(sentence)
})

test('a space’s own page doesn’t repeat its name, and its members don’t see commands', () => {
  const given = { action: 'kubectl.exec', ...object('pods/exec', 'web-0'), detail: { command: ['cat', '/secret'] } }
  expect(sentenceFor(given, { within: spaceId, full: false })).toBe('Alice ran a command in the pod web-0 with kubectl')
  expect(sentenceFor({ action: 'space.delete' }, { within: spaceId })).toBe('Alice deleted the space')
})

test('people, spaces and kubeconfigs are separate parts, so that they can be links', () => {
  const parts = sentenceOf({ ...row, action: 'space.offer', detail: { to: 'bob-1a2b3c' } }, { names, full: true })
  expect(parts.filter((part) => typeof part !== 'string')).toEqual([
    { is: 'person', name: 'Alice', handle: 'alice-7f3a9c' },
    { is: 'space', name: 'web-dev', id: spaceId },
    { is: 'person', name: 'Bob', handle: 'bob-1a2b3c' },
  ])
})

test('every action written to the trail has words, and there are no others', () => {
  expect([...knownActions].sort()).toEqual([...auditActions, ...gatewayActions, ...clusterActions].sort())
})

const outcomes = ['ok', 'refused', 'failed', 'unknown'] as const
/** Details of a row from another release, or a forged one. */
const odd = {
  principal: 7,
  request: 'x',
  before: null,
  after: [],
  drifted: 'y',
  credentials: {},
  sessions: '3',
  to: '',
  endsAt: 'soon',
}

test.each([...auditActions, ...gatewayActions, ...clusterActions])(
  '%s has a sentence for any outcome and any details',
  (action) => {
    for (const outcome of outcomes)
      for (const detail of [{}, odd])
        for (const about of [{}, none, person, object('pods', null)]) {
          const sentence = sentenceFor({ action, outcome, detail, ...about })
          expect(sentence).toMatch(/^[A-Z]/)
          expect(sentence).not.toMatch(/undefined|null|\[object|NaN| {2}|\s$/)
          expect(sentence).not.toContain(action)
        }
    expect(actionLabel(action)).toMatch(/^[A-Z][^.]*$/)
  },
)

test('an unknown action keeps its name as label', () => {
  expect(actionLabel('kubectl.teleport')).toBe('kubectl.teleport')
})

const workloadIn = (given: Partial<EventContent>, { isOpen = true } = {}) =>
  sentenceOf(
    { ...row, action: 'kubectl.patch', ...given },
    {
      names: { ...names, spaces: { [spaceId]: { name: 'web-dev', cluster: 'lab', deleted: false, isOpen } } },
      full: true,
    },
  ).find((part) => typeof part === 'object' && part.is === 'workload')

test('a workload links to its page for readers who may see inside the space', () => {
  const web = { is: 'workload', text: 'web', of: 'Deployment/web', space: { name: 'web-dev', cluster: 'lab' } }
  expect(workloadIn(object('deployments.apps', 'web'))).toEqual(web)
  expect(workloadIn(object('deployments/scale.apps', 'web'))).toEqual(web)
  expect(workloadIn({ ...object('pods/exec', 'web-0'), action: 'kubectl.exec' })).toMatchObject({ of: 'Pod/web-0' })
  expect(workloadIn({ ...object('jobs.batch', 'web'), action: 'cluster.create' })).toMatchObject({ of: 'Job/web' })
  expect(workloadIn(object('deployments.apps', 'web'), { isOpen: false })).toEqual({ ...web, space: null })
})

test.each<[string, Partial<EventContent>]>([
  ['another kind of object', object('configmaps', 'web')],
  ['a kind of another group', object('deployments.example.com', 'web')],
  ['an object that was never created', { ...object('pods', 'web'), action: 'kubectl.create', outcome: 'refused' }],
  ['a deleted object', { ...object('pods', 'web'), action: 'kubectl.delete' }],
  ['a name that the server makes', object('pods', 'web-…')],
  ['an invalid name', object('pods', '../settings?x=')],
  ['an object outside of spaces', { ...object('pods', 'web'), spaceId: null }],
  ['all of a kind', object('pods', null)],
])('%s has no page', (_what, given) => {
  expect(workloadIn(given)).toBeUndefined()
})
