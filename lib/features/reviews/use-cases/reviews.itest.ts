import { createHash, randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { type BrokerFixture, openBrokerFixture } from '#dev/testing/fixtures/broker-fixture.ts'
import { uniqueName } from '#dev/testing/fixtures/unique-name.ts'
import { addGrant } from '#lib/features/access/use-cases/add-grant.ts'
import { changeGrant } from '#lib/features/access/use-cases/change-grant.ts'
import { listGrants } from '#lib/features/access/use-cases/list-grants.ts'
import { removeGrant } from '#lib/features/access/use-cases/remove-grant.ts'
import type { LineFilter, ReviewLine } from '#lib/features/reviews/model/review-view.ts'
import { createSpace } from '#lib/features/spaces/use-cases/create-space.ts'
import { readSpace } from '#lib/features/spaces/use-cases/read-space.ts'
import type { Role } from '#lib/kernel/model/access/role.ts'
import { canonicalJson } from '#lib/kernel/model/canonical-json.ts'
import { dayMs } from '#lib/kernel/model/duration.ts'
import type { EventKind, InboxEvent } from '#lib/kernel/model/inbox/event.ts'
import type { Actor } from '#lib/kernel/model/people/person.ts'
import type { ReviewRule } from '#lib/kernel/model/requests/review.ts'
import { connectClusters } from '#lib/kube/client/cluster.ts'
import { mayPerson } from '#lib/kube/people/may-person.ts'
import { advanceReviews } from './advance-reviews.ts'
import { decideReview } from './decide-review.ts'
import { endReview } from './end-review.ts'
import { exportReview } from './export-review.ts'
import { extendReview } from './extend-review.ts'
import { listReviews, listWaitingReviews } from './list-reviews.ts'
import { remindReviewers } from './notify-reviewers.ts'
import { readReview } from './read-review.ts'
import { scheduleReviews } from './schedule-reviews.ts'
import { startReview } from './start-review.ts'

let fixture: BrokerFixture
let admin: Actor
let otherAdmin: Actor
let auditor: Actor
beforeAll(async () => {
  fixture = await openBrokerFixture()
  admin = await fixture.person('admin', { platformRole: 'admin' })
  otherAdmin = await fixture.person('other-admin', { platformRole: 'admin' })
  auditor = await fixture.person('auditor', { platformRole: 'auditor' })
})
afterAll(() => fixture.close())

const reason = 'a test'
const inDays = (days: number) => new Date(Date.now() + days * dayMs)
/** Runs the worker as if `days` had passed. */
const work = (days = 0) => advanceReviews(fixture.system({ clock: () => inDays(days) }))

async function makeSpace(owner: Actor): Promise<{ name: string }> {
  const space = { name: uniqueName('reviewed') }
  await createSpace(fixture.as(owner), { ...space, description: '', size: 'S', endsAt: null })
  return space
}

/** A space with an owner and one person per role. */
async function makeScene(...roles: Role[]) {
  const owner = await fixture.person('owner')
  const space = await makeSpace(owner)
  const members = await Promise.all(roles.map((role) => fixture.person(role)))
  for (const [at, member] of members.entries())
    await addGrant(fixture.as(owner), { space, principal: member.handle, role: roles[at] ?? 'viewer' })
  return { owner, space, members }
}

async function start(spaces: readonly { name: string }[], undecided: ReviewRule = 'keep', days = 21): Promise<string> {
  const given = { name: uniqueName('review'), spaces: spaces.map(({ name }) => name), dueAt: inDays(days), undecided }
  const { id } = await startReview(fixture.as(admin), given)
  await work()
  return id
}

const linesFor = async (actor: Actor, id: string, filter: LineFilter = { show: 'all' }): Promise<ReviewLine[]> =>
  (await readReview(fixture.as(actor), { id, filter })).lines
const lineOf = async (id: string, holder: string): Promise<ReviewLine> => {
  const line = (await linesFor(auditor, id)).find((one) => one.holder === holder)
  if (!line) throw new Error(`no line of ${holder}`)
  return line
}
const eventsOf = async <K extends EventKind>(actor: Actor, kind: K) =>
  (await fixture.eventsFor(actor))
    .map(({ event }) => event)
    .filter((event): event is Extract<InboxEvent, { kind: K }> => event.kind === kind)

async function rolesIn(owner: Actor, space: { name: string }): Promise<Record<string, Role>> {
  const { grants } = await listGrants(fixture.as(owner), space)
  return Object.fromEntries(
    grants.map(({ principal, role }) => [principal.kind === 'user' ? principal.handle : principal.name, role]),
  )
}

async function textOf(pieces: AsyncIterable<string>): Promise<string> {
  let text = ''
  for await (const piece of pieces) text += piece
  return text
}

const trailOf = async (target: string) =>
  (
    await fixture.owner.query<{ action: string; actor: string; detail: Record<string, unknown> }>(
      `SELECT e.action, coalesce(e.actor_handle, e.actor_kind) AS actor, coalesce(o.detail, e.detail) AS detail FROM audit_event e
       LEFT JOIN audit_event o ON o.intent_id = e.id WHERE e.intent_id IS NULL AND e.target_id = $1 ORDER BY e.seq`,
      [target],
    )
  ).rows

test('a review lists all access at its start, with origin and last use, and notifies the owner', async () => {
  const group = `team-${randomUUID()}`
  const { owner, space, members } = await makeScene('editor', 'viewer')
  await addGrant(fixture.as(owner), { space, principal: `group:${group}`, role: 'viewer' })
  const [editor] = members
  const { id: spaceId } = await readSpace(fixture.as(owner), space)
  await fixture.owner.query(
    `UPDATE space_grant SET starts_at = now() - interval '90 days', created_at = now() - interval '90 days' WHERE space_id = $1 AND user_id IS NOT NULL`,
    [spaceId],
  )
  await fixture.owner.query('INSERT INTO space_use (space_id, user_id, last_used_at) VALUES ($1, $2, now())', [
    spaceId,
    editor?.userId,
  ])
  const id = await start([space])
  expect(await lineOf(id, editor?.handle ?? '')).toMatchObject({
    ...{ kind: 'grant', state: 'open', role: 'editor', space: space.name, givenBy: owner.handle, unused: false },
    lastUsedAt: expect.any(Date),
  })
  const unused = { role: 'viewer', lastUsedAt: null, unused: true, deactivated: false }
  expect(await lineOf(id, members[1]?.handle ?? '')).toMatchObject(unused)
  await fixture.owner.query('UPDATE user_account SET deactivated_at = now() WHERE id = $1', [members[1]?.userId])
  expect(await lineOf(id, members[1]?.handle ?? '')).toMatchObject({ ...unused, deactivated: true })
  expect(await lineOf(id, group)).toMatchObject({ isGroup: true, unused: false })
  expect(await lineOf(id, owner.handle)).toMatchObject({ kind: 'ownership', state: 'shown' })
  expect(await linesFor(auditor, id, { unused: 'yes' })).toHaveLength(1)

  expect(await eventsOf(owner, 'review-waiting')).toMatchObject([{ review: id, lines: 3, left: null }])
  expect(await listWaitingReviews(fixture.as(owner))).toMatchObject([{ id }])
  expect((await listReviews(fixture.as(auditor), {})).rows).toContainEqual(
    expect.objectContaining({ id, lines: 3, open: 3 }),
  )
})

test('an owner decides on their own space’s lines and sees no others', async () => {
  const [mine, theirs] = [await makeScene('viewer'), await makeScene('editor')]
  const id = await start([mine.space, theirs.space])
  const seen = await readReview(fixture.as(mine.owner), { id, filter: { show: 'all' } })
  expect(seen.lines.map(({ holder }) => holder)).toEqual([mine.members[0]?.handle])
  expect(seen).toMatchObject({ total: 1, reviewers: null, review: { counts: { open: 1 }, scope: { spaces: [] } } })
  const foreign = await lineOf(id, theirs.members[0]?.handle ?? '')
  await expect(
    decideReview(fixture.as(mine.owner), { id, ids: [foreign.id], decision: 'revoke', reason }),
  ).rejects.toMatchObject({ code: 'review_decided' })
  // A reviewed member learns nothing about the review.
  await expect(linesFor(mine.members[0] ?? admin, id)).rejects.toMatchObject({ code: 'not_found' })
  await expect(decideReview(fixture.as(auditor), { id, ids: [foreign.id], decision: 'keep' })).rejects.toMatchObject({
    code: 'not_found',
  })
})

test('keeping, revoking and lowering take effect immediately, also on the cluster, with notifications and trail entries', async () => {
  const { owner, space, members } = await makeScene('viewer', 'editor', 'admin')
  const [kept, revoked, lowered] = members.map(({ handle }) => handle)
  const id = await start([space])
  const decide = async (holder = '', more: Omit<Parameters<typeof decideReview>[1], 'id'>) =>
    decideReview(fixture.as(owner), { id, ids: [(await lineOf(id, holder)).id], ...more })
  await expect(decide(revoked, { decision: 'revoke' })).rejects.toMatchObject({
    fields: { reason: expect.any(String) },
  })
  expect(await decide(kept, { decision: 'keep', toRole: 'editor' })).toMatchObject({ decided: 1 })
  expect(await lineOf(id, kept ?? '')).toMatchObject({ state: 'kept', toRole: null })
  expect(await decide(revoked, { decision: 'revoke', reason })).toMatchObject({ decided: 1, left: 0 })
  expect(await decide(lowered, { decision: 'lower', toRole: 'viewer', reason })).toMatchObject({ decided: 1 })
  expect(await rolesIn(owner, space)).toEqual({ [kept ?? '']: 'viewer', [lowered ?? '']: 'viewer' })

  const clusters = connectClusters({ kubeconfig: inject('kubeAdmin'), clusters: [] })
  try {
    const may = (handle = '') => {
      const question = { namespace: space.name, verb: 'list', group: '', resource: 'pods' }
      return mayPerson(clusters.get('default'), handle, question)
    }
    await expect
      .poll(() => Promise.all([may(kept), may(revoked), may(lowered)]), { interval: 100 })
      .toEqual([true, false, true])
  } finally {
    await clusters.close()
  }
  expect(await eventsOf(members[1] ?? admin, 'access-removed')).toMatchObject([{ role: 'editor', left: null }])
  expect(await eventsOf(members[2] ?? admin, 'access-changed')).toMatchObject([{ after: { role: 'viewer' } }])
  const { id: spaceId } = await readSpace(fixture.as(owner), space)
  const trail = await trailOf(spaceId)
  for (const action of ['review.keep', 'grant.remove', 'grant.change'])
    expect(trail.find((row) => row.action === action)).toMatchObject({ actor: owner.handle, detail: { review: id } })
  expect(await lineOf(id, revoked ?? '')).toMatchObject({
    state: 'revoked',
    reason,
    decidedBy: { handle: owner.handle },
  })
})

test('a reviewer cannot decide on their own access, whether direct, through a group, or with a differently spelled issuer', async () => {
  const group = `team-${randomUUID()}`
  const [first, second] = await Promise.all([
    fixture.person('first', { platformRole: 'admin', groups: [group] }),
    fixture.person('second', { platformRole: 'admin' }),
  ])
  const owner = await fixture.person('owner', { groups: [group] })
  const space = await makeSpace(owner)
  for (const principal of [`group:${group}`, second.handle])
    await addGrant(fixture.as(owner), { space, principal, role: 'viewer' })
  const id = await start([space])
  const [ofGroup, ofSecond] = [await lineOf(id, group), await lineOf(id, second.handle)]
  const revoke = (by: Actor, ids: string[]) => decideReview(fixture.as(by), { id, ids, decision: 'revoke', reason })
  for (const [by, line] of [
    [owner, ofGroup],
    [first, ofGroup],
    [second, ofSecond],
  ] as const)
    await expect(revoke(by, [line.id])).rejects.toMatchObject({ code: 'own_access' })
  // A bulk decision skips lines that aren't theirs to decide.
  const keep = { id, search: space.name, decision: 'keep' as const, reason }
  expect(await decideReview(fixture.as(first), keep)).toMatchObject({ decided: 1 })
  expect(await lineOf(id, group)).toMatchObject({ state: 'open' })
  // The owner can't, so platform admins decide.
  expect(await eventsOf(admin, 'review-waiting')).toContainEqual(expect.objectContaining({ review: id, lines: 1 }))

  const twin = await fixture.person('twin', { platformRole: 'admin' })
  await fixture.owner.query(
    `UPDATE user_account SET subject = (SELECT subject FROM user_account WHERE id = $2), issuer = issuer || '/' WHERE id = $1`,
    [twin.userId, first.userId],
  )
  await expect(revoke(twin, [ofGroup.id])).rejects.toMatchObject({ code: 'own_access' })
  expect(await revoke(admin, [ofGroup.id])).toMatchObject({ decided: 1 })
  // The owner is notified about a platform admin's decision.
  expect(await eventsOf(owner, 'admin-act')).toMatchObject([{ act: { kind: 'removal', by: { handle: admin.handle } } }])
})

test('a reviewer who joins the group during their decision cannot decide on its role', async () => {
  const group = `team-${randomUUID()}`
  const owner = await fixture.person('owner')
  const space = await makeSpace(owner)
  await addGrant(fixture.as(owner), { space, principal: `group:${group}`, role: 'editor' })
  const id = await start([space])
  const line = await lineOf(id, group)
  await fixture.owner.query('INSERT INTO user_group (user_id, "group") VALUES ($1, $2)', [owner.userId, group])
  await expect(decideReview(fixture.as(owner), { id, ids: [line.id], decision: 'keep' })).rejects.toMatchObject({
    code: 'own_access',
  })
})

test('access that changed or ended since the start isn’t revoked; its line is updated and waits or ends', async () => {
  const { owner, space, members } = await makeScene('viewer', 'viewer')
  const [raised, gone] = members
  const id = await start([space])
  const ids = [(await lineOf(id, raised?.handle ?? '')).id, (await lineOf(id, gone?.handle ?? '')).id]
  const { grants } = await listGrants(fixture.as(owner), space)
  const grantOf = (of?: Actor) =>
    grants.find(({ principal }) => principal.kind === 'user' && principal.handle === of?.handle)?.id ?? ''
  await changeGrant(fixture.as(owner), { space, grantId: grantOf(raised), role: 'editor' })
  await removeGrant(fixture.as(owner), { space, grantId: grantOf(gone) })
  await addGrant(fixture.as(owner), { space, principal: gone?.handle ?? '', role: 'viewer' })
  const decided = await decideReview(fixture.as(owner), { id, ids, decision: 'revoke', reason })
  expect(decided).toMatchObject({ decided: 0, changed: 1, ended: 1 })
  expect(Object.values(await rolesIn(owner, space)).sort()).toEqual(['editor', 'viewer'])
  expect(await lineOf(id, raised?.handle ?? '')).toMatchObject({ state: 'open', role: 'editor', wasRole: 'viewer' })
  expect(await lineOf(id, gone?.handle ?? '')).toMatchObject({ state: 'ended', decidedBy: null })

  // A stale page and a bulk decision haven't seen the current role.
  const stale = { id, ids: ids.slice(0, 1), shown: ['viewer'] }
  expect(await decideReview(fixture.as(admin), { ...stale, decision: 'keep' })).toMatchObject({
    decided: 0,
    changed: 1,
  })
  const all = { id, search: space.name, decision: 'keep' as const, reason }
  await expect(decideReview(fixture.as(admin), all)).rejects.toMatchObject({ code: 'review_decided' })
  const seen = { ...stale, shown: ['editor'], decision: 'revoke' as const, reason }
  expect(await decideReview(fixture.as(owner), seen)).toMatchObject({ decided: 1 })
})

test('simultaneous decisions on one line count once', async () => {
  const { owner, space, members } = await makeScene('editor')
  const id = await start([space])
  const ids = [(await lineOf(id, members[0]?.handle ?? '')).id]
  const tries = await Promise.allSettled([
    decideReview(fixture.as(owner), { id, ids, decision: 'revoke', reason }),
    decideReview(fixture.as(admin), { id, ids, decision: 'keep' }),
    decideReview(fixture.as(otherAdmin), { id, ids, decision: 'lower', toRole: 'viewer', reason }),
  ])
  expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  for (const each of tries)
    if (each.status === 'rejected') expect(each.reason).toMatchObject({ code: 'review_decided' })
})

test('a bulk decision needs a reason and a filter, and can revoke unused access', async () => {
  const { owner, space, members } = await makeScene('viewer', 'viewer', 'editor')
  await fixture.owner.query(
    `UPDATE space_grant SET starts_at = now() - interval '90 days' WHERE user_id = ANY ($1::uuid[]) AND role = 'viewer'`,
    [members.map(({ userId }) => userId)],
  )
  const id = await start([space])
  const ctx = fixture.as(owner)
  await expect(decideReview(ctx, { id, decision: 'revoke', reason })).rejects.toMatchObject({ code: 'bad_input' })
  await expect(decideReview(ctx, { id, unused: 'yes', decision: 'keep' })).rejects.toMatchObject({ code: 'bad_input' })
  expect(await decideReview(ctx, { id, unused: 'yes', decision: 'revoke', reason })).toMatchObject({ decided: 2 })
  expect(Object.values(await rolesIn(owner, space))).toEqual(['editor'])
  await expect(decideReview(ctx, { id, unused: 'yes', decision: 'revoke', reason })).rejects.toMatchObject({
    code: 'review_decided',
  })
})

test('after a transfer the new owner decides; platform admins decide on spaces without an active owner', async () => {
  const { owner, space, members } = await makeScene('viewer')
  const newOwner = await fixture.person('new-owner')
  const id = await start([space])
  const line = await lineOf(id, members[0]?.handle ?? '')
  await fixture.owner.query('UPDATE space SET owner_id = $2 WHERE name = $1', [space.name, newOwner.userId])
  // Immediately, before the worker has run.
  await expect(linesFor(owner, id)).rejects.toMatchObject({ code: 'not_found' })
  await expect(decideReview(fixture.as(owner), { id, ids: [line.id], decision: 'keep' })).rejects.toMatchObject({
    code: 'not_found',
  })
  await remindReviewers(fixture.system())
  expect(await linesFor(newOwner, id)).toHaveLength(1)
  expect(await eventsOf(newOwner, 'review-waiting')).toHaveLength(1)
  await fixture.owner.query('UPDATE user_account SET deactivated_at = now() WHERE id = $1', [newOwner.userId])
  await remindReviewers(fixture.system())
  expect(await eventsOf(otherAdmin, 'review-waiting')).toContainEqual(expect.objectContaining({ review: id }))
  const { reviewers } = await readReview(fixture.as(auditor), { id, filter: {} })
  expect(reviewers?.rows).toEqual([{ reviewer: null, lines: 1, open: 1 }])
})

test('each reviewer is reminded once before the end, and again after an extension', async () => {
  const { owner, space } = await makeScene('viewer')
  const id = await start([space], 'revoke', 10)
  const look = (days: number) => remindReviewers(fixture.system({ clock: () => inDays(days) }))
  const left = async () => (await eventsOf(owner, 'review-waiting')).map((event) => event.left)
  await Promise.all([look(4), look(4)])
  await look(4.5)
  expect((await left()).sort()).toEqual([7, null])
  await extendReview(fixture.as(admin), { id, dueAt: inDays(20), reason })
  await look(14)
  await look(19.5)
  expect((await left()).sort()).toEqual([1, 7, 7, null])
  await expect(extendReview(fixture.as(admin), { id, dueAt: inDays(15), reason })).rejects.toMatchObject({
    fields: { dueAt: expect.any(String) },
  })
  expect(await trailOf(id)).toContainEqual(
    expect.objectContaining({ action: 'review.extend', detail: expect.objectContaining({ reason }) }),
  )
  await endReview(fixture.as(admin), { id, reason })
  await work()
})

test('at the end, undecided lines follow the review’s rule (revoke), and the report’s hash is in the trail', async () => {
  const { owner, space, members } = await makeScene('viewer', 'editor', 'viewer', 'editor')
  const [kept, undecided, raised, shortened] = members
  const id = await start([space], 'revoke')
  await decideReview(fixture.as(owner), { id, ids: [(await lineOf(id, kept?.handle ?? '')).id], decision: 'keep' })
  const { grants } = await listGrants(fixture.as(owner), space)
  const grantOf = (of?: Actor) =>
    grants.find(({ principal }) => principal.kind === 'user' && principal.handle === of?.handle)?.id ?? ''
  await changeGrant(fixture.as(owner), { space, grantId: grantOf(raised), role: 'editor' })
  await changeGrant(fixture.as(owner), { space, grantId: grantOf(shortened), endsAt: inDays(90) })
  await expect(exportReview(fixture.as(auditor), { id, format: 'json' })).rejects.toMatchObject({
    code: 'not_found',
  })
  await Promise.all([work(22), work(22), work(22)])

  expect(await rolesIn(owner, space)).toEqual({ [kept?.handle ?? '']: 'viewer', [raised?.handle ?? '']: 'editor' })
  expect(await lineOf(id, undecided?.handle ?? '')).toMatchObject({ state: 'revoked', decidedBy: null })
  expect(await lineOf(id, raised?.handle ?? '')).toMatchObject({ state: 'kept', wasRole: 'viewer', decidedBy: null })
  expect(await eventsOf(undecided ?? admin, 'review-revoked')).toMatchObject([{ role: 'editor', left: null }])
  await expect(
    decideReview(fixture.as(owner), { id, search: space.name, decision: 'keep', reason }),
  ).rejects.toMatchObject({ code: 'review_closed' })

  const text = await textOf(await exportReview(fixture.as(auditor), { id, format: 'json' }))
  const report = JSON.parse(text)
  expect(canonicalJson(report)).toBe(text)
  expect(report).toMatchObject({
    id,
    startedBy: admin.handle,
    closedBy: null,
    counts: { kept: 2, revoked: 2, shown: 1 },
  })
  expect(report.lines).toHaveLength(5)
  expect(report.lines).toContainEqual(
    expect.objectContaining({ holder: kept?.handle, state: 'kept', decidedBy: owner.handle }),
  )
  const sha256 = createHash('sha256').update(text).digest('hex')
  const closings = (await trailOf(id)).filter(({ action }) => action === 'review.close')
  expect(closings).toMatchObject([{ actor: 'system', detail: { sha256, nobodyDecided: { kept: 1, revoked: 2 } } }])
  const { review, reviewers } = await readReview(fixture.as(auditor), { id, filter: {} })
  expect(reviewers?.rows).toMatchObject([{ reviewer: { handle: owner.handle }, lines: 4, open: 3 }])
  expect(review).toMatchObject({ state: 'closed', hash: sha256, nobody: { kept: 1, revoked: 2, undecided: 0 } })
  expect(await eventsOf(admin, 'review-closed')).toContainEqual(
    expect.objectContaining({ review: id, decided: 1, kept: 1, revoked: 2 }),
  )
  const csv = await textOf(await exportReview(fixture.as(auditor), { id, format: 'csv' }))
  expect(csv.trim().split('\r\n')).toHaveLength(6)
  expect(csv).toMatch(new RegExp(`${undecided?.handle}.*revoked,,nobody`))
})

test('a review that opens late keeps its full time for decisions', async () => {
  const { owner, space, members } = await makeScene('viewer')
  const given = { name: uniqueName('late'), spaces: [space.name], dueAt: inDays(2), undecided: 'revoke' as const }
  const { id } = await startReview(fixture.as(admin), given)
  await work(3)
  expect(Object.keys(await rolesIn(owner, space))).toEqual([members[0]?.handle])
  const { review } = await readReview(fixture.as(auditor), { id, filter: {} })
  expect(review.state).toBe('open')
  expect(review.dueAt.getTime()).toBeGreaterThan(inDays(4.9).getTime())
  expect(await trailOf(id)).toContainEqual(expect.objectContaining({ action: 'review.extend', actor: 'system' }))
  await endReview(fixture.as(admin), { id, reason })
  await work()
})

test('an auditor decides on their own space’s lines one by one and only views the others', async () => {
  const owner = await fixture.person('auditing-owner', { platformRole: 'auditor' })
  const member = await fixture.person('member')
  const [theirs, other] = [await makeSpace(owner), await makeScene('viewer')]
  await addGrant(fixture.as(owner), { space: theirs, principal: member.handle, role: 'viewer' })
  const id = await start([theirs, other.space])
  const pageFor = (by: Actor) => readReview(fixture.as(by), { id, filter: {} })
  const page = await pageFor(owner)
  expect(page.decides).toBe('some')
  expect(page.lines.filter(({ decides }) => decides).map(({ holder }) => holder)).toEqual([member.handle])
  expect((await pageFor(auditor)).decides).toBeNull()
  expect((await pageFor(admin)).decides).toBe('all')
  expect((await pageFor(other.owner)).decides).toBe('all')
})

test('undecided lines follow the review’s rule (keep) when it ends early', async () => {
  const { owner, space, members } = await makeScene('viewer')
  const id = await start([space], 'keep')
  await endReview(fixture.as(admin), { id, reason })
  await expect(endReview(fixture.as(otherAdmin), { id, reason })).rejects.toMatchObject({ code: 'review_closed' })
  await work()
  expect(Object.keys(await rolesIn(owner, space))).toEqual([members[0]?.handle])
  const { review } = await readReview(fixture.as(auditor), { id, filter: {} })
  expect(review).toMatchObject({ state: 'closed', closedBy: { handle: admin.handle }, closeReason: reason })
})

test('the schedule starts one review of everything on its day with any number of workers, and none while it is off', async () => {
  const { space, owner } = await makeScene('viewer')
  const today = new Date().toISOString().slice(0, 10)
  const schedule = { months: 3, nextOn: '2030-01-01', dueDays: 21, undecided: 'keep' as const }
  await expect(scheduleReviews(fixture.as(admin), { ...schedule, nextOn: today })).rejects.toMatchObject({
    fields: { nextOn: expect.any(String) },
  })
  await expect(scheduleReviews(fixture.as(admin), { ...schedule, months: 1, dueDays: 40 })).rejects.toMatchObject({
    fields: { dueDays: expect.any(String) },
  })
  await scheduleReviews(fixture.as(admin), { ...schedule, months: null })
  await fixture.owner.query('UPDATE review_schedule SET next_on = current_date')
  const scheduled = async () => (await listReviews(fixture.as(auditor), {})).rows.filter(({ by }) => by === null)
  await work()
  expect(await scheduled()).toEqual([])
  await fixture.owner.query('UPDATE review_schedule SET months = 3')
  await Promise.all([work(), work(), work()])
  await work()
  const [review, ...more] = await scheduled()
  expect(more).toEqual([])
  expect(review).toMatchObject({ state: 'open', undecided: 'keep' })
  expect((await listReviews(fixture.as(auditor), {})).schedule.nextOn > today).toBe(true)
  const id = review?.id ?? ''
  expect(await linesFor(owner, id)).toMatchObject([{ space: space.name }])
  expect((await trailOf(id)).map(({ action, actor }) => [action, actor])).toEqual([['review.start', 'system']])
  await endReview(fixture.as(admin), { id, reason })
  await work()
  // Scheduled reviews have no starter.
  expect(await eventsOf(otherAdmin, 'review-closed')).toContainEqual(expect.objectContaining({ review: id }))
})

test('a scope accepts only existing names and can be limited to people and roles, and open reviews have unique names', async () => {
  const { owner, space, members } = await makeScene('viewer', 'editor')
  const name = uniqueName('scoped')
  const given = { name, spaces: [space.name], dueAt: inDays(7), undecided: 'keep' as const }
  const ctx = fixture.as(admin)
  await expect(startReview(ctx, { ...given, spaces: ['no-such-space'] })).rejects.toMatchObject({
    fields: { spaces: expect.stringContaining('no-such-space') },
  })
  await expect(startReview(ctx, { ...given, people: ['nobody-1'] })).rejects.toMatchObject({
    fields: { people: expect.any(String) },
  })
  await expect(startReview(ctx, { ...given, dueAt: inDays(-1) })).rejects.toMatchObject({ code: 'end_in_past' })
  await expect(
    startReview(ctx, { ...given, dueAt: new Date(new Date().setUTCHours(23, 59, 59, 999)) }),
  ).rejects.toMatchObject({
    fields: { dueAt: expect.stringContaining('after today') },
  })
  await expect(startReview(ctx, { ...given, dueAt: inDays(120) })).rejects.toMatchObject({ code: 'bad_input' })
  await expect(startReview(ctx, { ...given, cluster: 'nowhere' })).rejects.toMatchObject({ code: 'bad_input' })
  const { id } = await startReview(ctx, { ...given, roles: ['editor'] })
  await expect(startReview(ctx, given)).rejects.toMatchObject({ code: 'review_exists' })
  await work()
  expect((await linesFor(auditor, id)).map(({ holder }) => holder)).toEqual([members[1]?.handle])
  const people = [owner.handle, members[0]?.handle ?? '']
  const ofPeople = (await startReview(ctx, { ...given, name: uniqueName('scoped'), people })).id
  await work()
  expect((await linesFor(auditor, ofPeople)).map(({ holder }) => holder).sort()).toEqual(people.sort())
})
