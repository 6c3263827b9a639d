import { expect, test } from 'vitest'
import { dataOf, eventKinds, type InboxEvent, parseEvent } from '#lib/kernel/model/inbox/event.ts'
import { eventPath, eventReason, eventSentence } from './event-sentences.ts'

const by = { name: 'Carol', handle: 'carol-1a2b3c' }
const leo = { name: 'Leo', handle: 'leo-1' }
const space = { name: 'shop', cluster: 'default' }
const request = '11111111-1111-4111-8111-111111111111'
const role = { kind: 'role', space, role: 'editor', minutes: 10_080, startsAt: null } as const
const ends = '2026-11-27T23:59:00.000Z'

const cases: [event: InboxEvent, sentence: string, path: string, reason?: string][] = [
  [
    { kind: 'admin-role-activated', by, reason: 'a failing cluster', endsAt: ends },
    'Carol (carol-1a2b3c) activated the platform admin role until 27 Nov 2026, 23:59 UTC.',
    '/admin/people/carol-1a2b3c',
    'a failing cluster',
  ],
  [
    { kind: 'admin-kept', person: leo },
    'The identity provider tried to remove the platform admin role from Leo (leo-1). Spaceport refused: the only admins left would be those who created the provisioning token. To remove them anyway, deactivate them yourself.',
    '/admin/people/leo-1',
  ],
  [
    { kind: 'token-requested', name: 'Okta', by, expiresAt: ends },
    'Carol (carol-1a2b3c) asks for the provisioning token “Okta”, which expires on 27 Nov 2026, 23:59 UTC. Another platform admin has to approve it.',
    '/admin/provisioning',
  ],
  [
    { kind: 'token-decided', name: 'Okta', decision: 'approved', by },
    'Carol (carol-1a2b3c) approved your provisioning token “Okta”. Reveal it within a day.',
    '/admin/provisioning',
  ],
  [
    { kind: 'token-decided', name: 'Okta', decision: 'declined', by },
    'Carol (carol-1a2b3c) declined your provisioning token “Okta”.',
    '/admin/provisioning',
  ],
  [
    { kind: 'token-created', name: 'Okta', by, approvedBy: leo, expiresAt: ends },
    'Carol (carol-1a2b3c) created the provisioning token “Okta”, which Leo (leo-1) approved. It works until 27 Nov 2026, 23:59 UTC. If you didn’t expect this, revoke it or freeze provisioning.',
    '/admin/provisioning',
  ],
  [
    { kind: 'token-created', name: 'Okta', by: null, approvedBy: null, expiresAt: ends },
    'The operator’s command created the provisioning token “Okta”. It works until 27 Nov 2026, 23:59 UTC. If you didn’t expect this, revoke it or freeze provisioning.',
    '/admin/provisioning',
  ],
  [
    { kind: 'token-taken-over', name: 'Okta', by, from: leo },
    'Carol (carol-1a2b3c) took over the provisioning token “Okta” from Leo (leo-1). It works again once everyone who is responsible for it is an active platform admin.',
    '/admin/provisioning',
  ],
  [
    { kind: 'token-stopped', names: ['Okta', 'Entra'], person: leo },
    'Provisioning with “Okta” and “Entra” has stopped: Leo (leo-1), who is responsible for it, is no longer an active platform admin. Take it over, or create another token.',
    '/admin/provisioning',
  ],
  [
    { kind: 'token-expiring', name: 'Okta', expiresAt: ends },
    'The provisioning token “Okta” expires on 27 Nov 2026, 23:59 UTC. Create a new one and configure it in your identity provider before then.',
    '/admin/provisioning',
  ],
  [
    { kind: 'provisioning-frozen', by, reason: 'a stolen token' },
    'Carol (carol-1a2b3c) froze provisioning. It makes no changes until a platform admin unfreezes it.',
    '/admin/provisioning',
    'a stolen token',
  ],
  [
    { kind: 'provisioning-unfrozen', by, reason: 'a new token' },
    'Carol (carol-1a2b3c) unfroze provisioning.',
    '/admin/provisioning',
    'a new token',
  ],
  [
    { kind: 'admin-role-ended', by, reason: 'not needed' },
    'Carol (carol-1a2b3c) ended your role as platform admin. You can activate it again, with a reason.',
    '/profile',
    'not needed',
  ],
  [
    { kind: 'break-glass-code-created' },
    'An operator created a new code for the break-glass account. Earlier unused codes no longer work.',
    '/profile',
  ],
  [
    {
      kind: 'break-glass-account-used',
      by: { name: 'Break-glass account', handle: 'sealed-1a2b3c' },
      from: '192.0.2.1',
      endsAt: ends,
    },
    'Someone signed in with the break-glass account, as sealed-1a2b3c, from 192.0.2.1. They are a platform admin until 27 Nov 2026, 23:59 UTC. Find out who it is, or end their session now.',
    '/admin/people/sealed-1a2b3c',
  ],
  [
    { kind: 'trail-broken', says: 'Edited: the row is not what was sealed.', count: 3 },
    'The audit trail was changed. Edited: the row is not what was sealed. There are 2 more findings. Preserve any exports and checkpoints, and find out who had write access to the database.',
    '/audit/exports#chain',
  ],
  [
    { kind: 'trail-unread' },
    'The audit trail could not be verified: the verification stopped early, so changes may have gone undetected. The worker’s log has the cause.',
    '/audit/exports#chain',
  ],
  [
    {
      kind: 'identity-misused',
      cluster: 'lab',
      count: 3,
      event: '11111111-1111-4111-8111-111111111111',
      at: '2026-11-27T04:00:00.000Z',
      from: '192.0.2.7',
    },
    'Someone used Spaceport’s own identity on the cluster lab for 3 requests that Spaceport didn’t make, the first at 27 Nov 2026, 04:00 UTC from 192.0.2.7. Replace the tokens of the gateway and the broker there, and find out who could read the old ones.',
    '/audit/events/11111111-1111-4111-8111-111111111111',
  ],
  [
    { kind: 'spaces-handed-over', from: leo, by, count: 1, spaces: [space], reason: 'left' },
    'Leo (leo-1) left. Platform admin Carol (carol-1a2b3c) made you the owner of the space shop.',
    '/spaces/shop',
    'left',
  ],
  [
    {
      kind: 'spaces-handed-over',
      from: leo,
      by,
      count: 12,
      spaces: ['a', 'b', 'c', 'd'].map((name) => ({ ...space, name })),
      reason: 'left',
    },
    'Leo (leo-1) left. Platform admin Carol (carol-1a2b3c) made you the owner of the spaces a, b, c and 9 more.',
    '/',
    'left',
  ],
  [
    {
      kind: 'spaces-ending',
      from: leo,
      by,
      count: 2,
      spaces: [space, { ...space, name: 'bar' }],
      reason: 'left',
      endsAt: ends,
    },
    'Leo (leo-1) left. Platform admin Carol (carol-1a2b3c) scheduled the spaces shop and bar for deletion, the first on 27 Nov 2026, 23:59 UTC. Save what you need.',
    '/',
    'left',
  ],
  [
    { kind: 'space-deleted', space, isOwner: true, by, why: null },
    'Carol (carol-1a2b3c) deleted your space shop.',
    '/',
  ],
  [
    { kind: 'space-deleted', space, isOwner: false, by: leo, why: null },
    'Leo (leo-1) deleted the space shop, where you had a role.',
    '/',
  ],
  [
    { kind: 'space-deleted', space, isOwner: true, by: null, why: 'ended' },
    'Spaceport deleted your space shop because its end date has passed.',
    '/',
  ],
  [
    { kind: 'space-deleted', space, isOwner: true, by: null, why: 'name-taken' },
    'Spaceport deleted your space shop because the cluster already has a namespace with that name.',
    '/',
  ],
  [
    { kind: 'left-behind', space, from: leo, count: 2, command: 'kubectl delete -n shop role/a role/b' },
    'Leo (leo-1) left. 2 objects they created in shop can still run or grant permissions there. Delete what you don’t need, for example: kubectl delete -n shop role/a role/b',
    '/spaces/shop',
  ],
  [
    { kind: 'offboarding-complete', person: leo },
    'Every cluster has confirmed that Leo (leo-1) has no access left.',
    '/admin/people/leo-1',
  ],
  [
    { kind: 'request-waiting', request, asked: role, by, reason: 'to look' },
    'Carol (carol-1a2b3c) asks for the editor role in shop for 7 days.',
    `/requests/${request}`,
    'to look',
  ],
  [
    {
      kind: 'request-approved-once',
      request,
      asked: role,
      requester: { name: 'Erin', handle: 'erin-1a2b3c' },
      by,
      number: 1,
      needed: 2,
    },
    'Carol (carol-1a2b3c) approved the request of Erin (erin-1a2b3c) for the editor role in shop for 7 days: approval 1 of 2.',
    `/requests/${request}`,
  ],
  [
    { kind: 'request-withdrawn', request, asked: { ...role, minutes: 60, startsAt: '2026-11-27T18:00:00.000Z' }, by },
    'Carol (carol-1a2b3c) withdrew the request for the editor role in shop for 1 hour, from 27 Nov 2026, 18:00 UTC.',
    `/requests/${request}`,
  ],
  [
    { kind: 'request-decided', request, asked: role, decision: 'approved', by, reason: '', endsAt: ends },
    'Carol (carol-1a2b3c) approved your request for the editor role in shop for 7 days. It ends on 27 Nov 2026, 23:59 UTC.',
    `/requests/${request}`,
  ],
  [
    {
      kind: 'request-decided',
      request,
      asked: { kind: 'space', space, size: 'L' },
      decision: 'denied',
      by,
      reason: 'too big',
      endsAt: null,
    },
    'Carol (carol-1a2b3c) denied your request for the new space shop of size L.',
    `/requests/${request}`,
    'too big',
  ],
  [
    {
      kind: 'request-expired',
      request,
      asked: { kind: 'size', space: null, size: 'L' },
      reason: 'The space was deleted.',
    },
    'Your request for size L for a deleted space was closed.',
    `/requests/${request}`,
    'The space was deleted.',
  ],
  [
    { kind: 'request-expired', request, asked: { kind: 'size', space: null, size: 'L' }, reason: null },
    'Your request for size L for a deleted space expired.',
    `/requests/${request}`,
  ],
  [
    { kind: 'review-waiting', review: request, name: 'Q4', lines: 3, dueAt: ends, left: null, undecided: 'revoke' },
    'The access review “Q4” needs 3 decisions from you by 27 Nov 2026, 23:59 UTC. Without a decision, access is revoked.',
    `/admin/reviews/${request}`,
  ],
  [
    { kind: 'review-waiting', review: request, name: 'Q4', lines: 1, dueAt: ends, left: 1, undecided: 'keep' },
    'The access review “Q4” needs 1 decision from you within 1 day, by 27 Nov 2026, 23:59 UTC. Without a decision, access stays.',
    `/admin/reviews/${request}`,
  ],
  [
    { kind: 'review-revoked', space, role: 'editor', left: null, name: 'Q4' },
    'Your editor role in shop ended with the access review “Q4” because no one decided to keep it. You no longer have access to it.',
    '/spaces/shop',
  ],
  [
    { kind: 'review-closed', review: request, name: 'Q4', decided: 1, kept: 0, revoked: 2 },
    'The access review “Q4” is closed. 1 line was decided. Of the undecided lines, 0 stayed and 2 ended.',
    `/admin/reviews/${request}`,
  ],
  [
    { kind: 'access-given', space, role: 'viewer', endsAt: null, by },
    'Carol (carol-1a2b3c) gave you the viewer role in shop, without an end date.',
    '/spaces/shop',
  ],
  [
    {
      kind: 'access-changed',
      space: { name: 'shop', cluster: 'lab eu' },
      before: { role: 'viewer', endsAt: null },
      after: { role: 'editor', endsAt: ends },
      by,
    },
    'Carol (carol-1a2b3c) changed your role in shop from viewer to editor, until 27 Nov 2026, 23:59 UTC.',
    '/spaces/shop?cluster=lab+eu',
  ],
  [
    {
      kind: 'access-changed',
      space,
      before: { role: 'viewer', endsAt: ends },
      after: { role: 'viewer', endsAt: null },
      by,
    },
    'Carol (carol-1a2b3c) removed the end date of your viewer role in shop.',
    '/spaces/shop',
  ],
  [
    { kind: 'access-removed', space, role: 'editor', left: null, by },
    'Carol (carol-1a2b3c) removed your editor role in shop. You no longer have access to it.',
    '/spaces/shop',
  ],
  [
    { kind: 'access-removed', space, role: 'editor', left: 'viewer', by },
    'Carol (carol-1a2b3c) removed your editor role in shop. You still have viewer access through another role.',
    '/spaces/shop',
  ],
  [
    { kind: 'offer-received', space, from: by, admin: null, reason: null },
    'Carol (carol-1a2b3c) offers you the space shop.',
    '/',
  ],
  [
    { kind: 'offer-received', space, from: { name: 'Bob', handle: 'bob-1a2b3c' }, admin: by, reason: 'he left' },
    'Platform admin Carol (carol-1a2b3c) offers you Bob’s space shop.',
    '/',
    'he left',
  ],
  [
    { kind: 'offer-accepted', space, by },
    'Carol (carol-1a2b3c) accepted the space shop and owns it now.',
    '/spaces/shop',
  ],
  [
    { kind: 'offer-declined', space, by },
    'Carol (carol-1a2b3c) declined the space shop. It stays yours.',
    '/spaces/shop',
  ],
  [
    { kind: 'offer-expired', space, to: by },
    'The offer of shop to Carol (carol-1a2b3c) expired. It stays yours.',
    '/spaces/shop',
  ],
  [
    { kind: 'admin-act', space, act: { kind: 'offer', by, to: { kind: 'group', name: 'team' }, reason: 'leave' } },
    'Platform admin Carol (carol-1a2b3c) offered shop to the group team. It stays yours unless they accept.',
    '/spaces/shop',
    'leave',
  ],
  [
    { kind: 'credentials-revoked', count: 3, by, reason: 'a lost laptop' },
    'Carol (carol-1a2b3c) revoked 3 of your kubeconfigs.',
    '/credentials',
    'a lost laptop',
  ],
  [
    { kind: 'sessions-ended', by: null, credentials: 2 },
    'You were signed out everywhere, and your 2 kubeconfigs stopped working: your identity provider ended your sessions.',
    '/profile',
  ],
  [
    { kind: 'sessions-ended', by: null, credentials: 1, limited: true },
    'You were signed out everywhere, and your kubeconfig stopped working: you are no longer allowed to sign in here. If this is a mistake, contact the people who run Spaceport.',
    '/profile',
  ],
  [
    { kind: 'sessions-ended', by, credentials: 0 },
    'You were signed out everywhere: Carol (carol-1a2b3c) ended your sessions.',
    '/profile',
  ],
  [
    {
      ...{ kind: 'group-pushed', space, group: 'team-blue', takenOver: false },
      ...{ by: { token: 'Okta', people: [by] }, count: 3, people: [by] },
    },
    `The provisioning token Okta (created by Carol (carol-1a2b3c)) changed the group team-blue, which has a role in ${space.name}. It now gives access to Carol (carol-1a2b3c) and 2 more.`,
    `/spaces/${space.name}`,
  ],
  [
    {
      ...{ kind: 'group-pushed', space, group: 'team-blue', takenOver: true },
      ...{ by: { token: 'Okta', people: [] }, count: 0, people: [] },
    },
    `The provisioning token Okta took over the group team-blue, which has a role in ${space.name}: sign-ins no longer change its members.`,
    `/spaces/${space.name}`,
  ],
  [
    { kind: 'group-released', space, group: 'team-blue', by: { token: null, people: [by] } },
    `Platform admin Carol (carol-1a2b3c) removed the group team-blue, which has a role in ${space.name}. Its members lost that role. Members regain it if the identity provider lists the group at their next sign-in.`,
    `/spaces/${space.name}`,
  ],
  [
    { kind: 'provisioning-idle', at: '2026-11-27T23:59:59.000Z' },
    'The identity provider has stopped using its provisioning token. On 27 Nov 2026, 23:59 UTC the groups it pushed are suspended, and their members lose roles from them. Check the provisioning job.',
    '/admin/provisioning',
  ],
  [
    { kind: 'admins-lost', people: [by], count: 3, left: 1 },
    'Provisioning by the identity provider removed the platform admin role from Carol (carol-1a2b3c) and 2 more. One admin is left.',
    '/admin/people/carol-1a2b3c',
  ],
  [
    { kind: 'endings', ends: [{ kind: 'space', space, endsAt: ends }], more: 0 },
    'Ending soon: your space shop on 27 Nov 2026, 23:59 UTC.',
    '/spaces/shop',
  ],
  [
    {
      kind: 'endings',
      ends: [
        { kind: 'role', space, role: 'editor', endsAt: ends },
        { kind: 'credential', space, endsAt: ends },
      ],
      more: 2,
    },
    'Ending soon: your editor role in shop on 27 Nov 2026, 23:59 UTC; your kubeconfig for shop on 27 Nov 2026, 23:59 UTC; and 2 more.',
    '/',
  ],
  [
    { kind: 'endings', ends: [{ kind: 'credential', space: null, endsAt: ends }], more: 0 },
    'Ending soon: your kubeconfig for all your spaces on 27 Nov 2026, 23:59 UTC.',
    '/credentials',
  ],
  [
    { kind: 'webhook-off', host: 'hooks.example.com' },
    'Your webhook to hooks.example.com was turned off: the receiver reports that it is gone (HTTP 410).',
    '/inbox/settings',
  ],
  [
    { kind: 'role-ending', space, role: 'admin', endsAt: ends },
    'Your admin role in shop ends soon, on 27 Nov 2026, 23:59 UTC.',
    '/spaces/shop',
  ],
  [
    { kind: 'groups-pausing', at: ends },
    'Your roles from groups will be suspended on 27 Nov 2026, 23:59 UTC, for your kubeconfigs too, unless you sign in first. Your identity provider has to confirm your groups again.',
    '/profile',
  ],
  [
    { kind: 'deactivation-coming', at: ends, days: 90 },
    'Your account will be deactivated on 27 Nov 2026, 23:59 UTC, unless you sign in first. Accounts are deactivated after 90 days without use.',
    '/profile',
  ],
]

test.each(cases)('%#: a sentence, a page and a reason', (event, sentence, path, reason) => {
  expect(eventSentence(event)).toBe(sentence)
  expect(eventPath(event, 'default')).toBe(path)
  expect(eventReason(event)).toBe(reason ?? null)
})

test('every kind has a sentence here', () => {
  expect([...new Set(cases.map(([{ kind }]) => kind))].sort()).toEqual([...eventKinds].sort())
})

test('an event is read as it was stored, without fields that its kind doesn’t have', () => {
  for (const [event] of cases) {
    const data = dataOf(Object.assign({ token: 'secret' }, event))
    expect(data).not.toHaveProperty('kind')
    expect(data).not.toHaveProperty('token')
    expect(parseEvent(event.kind, data)).toEqual(event)
  }
  expect(parseEvent('request-waiting', {})).toBeNull()
  expect(parseEvent('anything', { kind: 'sessions-ended', by: null, credentials: 0 })).toBeNull()
})
