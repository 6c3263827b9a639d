import { afterAll, beforeAll, expect, test } from 'vitest'
import { type BrokerFixture, openBrokerFixture } from '#dev/testing/fixtures/broker-fixture.ts'
import { inboxCount } from '#dev/testing/fixtures/inbox-count.ts'
import { uniqueName } from '#dev/testing/fixtures/unique-name.ts'
import { addGrant } from '#lib/features/access/use-cases/add-grant.ts'
import { acceptOffer } from '#lib/features/offers/use-cases/accept-offer.ts'
import { declineOffer } from '#lib/features/offers/use-cases/decline-offer.ts'
import { listOffers } from '#lib/features/offers/use-cases/list-offers.ts'
import { offerSpace } from '#lib/features/offers/use-cases/offer-space.ts'
import { withdrawOffer } from '#lib/features/offers/use-cases/withdraw-offer.ts'
import { decideRequest } from '#lib/features/requests/use-cases/decide-request.ts'
import { listRequests } from '#lib/features/requests/use-cases/list-requests.ts'
import { readRequest } from '#lib/features/requests/use-cases/read-request.ts'
import { requestRole } from '#lib/features/requests/use-cases/request-role.ts'
import { requestSpace } from '#lib/features/requests/use-cases/request-space.ts'
import { withdrawRequest } from '#lib/features/requests/use-cases/withdraw-request.ts'
import { advanceReviews } from '#lib/features/reviews/use-cases/advance-reviews.ts'
import { decideReview } from '#lib/features/reviews/use-cases/decide-review.ts'
import { endReview } from '#lib/features/reviews/use-cases/end-review.ts'
import { listWaitingReviews } from '#lib/features/reviews/use-cases/list-reviews.ts'
import { readReview } from '#lib/features/reviews/use-cases/read-review.ts'
import { startReview } from '#lib/features/reviews/use-cases/start-review.ts'
import { dayMs } from '#lib/kernel/model/duration.ts'
import type { Actor } from '#lib/kernel/model/people/person.ts'
import { listInbox } from './list-inbox.ts'
import { markAllRead } from './mark-all-read.ts'

let fixture: BrokerFixture
let admin: Actor
beforeAll(async () => {
  fixture = await openBrokerFixture({ offline: true })
  admin = await fixture.person('padmin', { platformRole: 'admin' })
})
afterAll(() => fixture.close())

/** Their first page of what happened. */
const shownTo = async (actor: Actor) => (await listInbox(fixture.as(actor), {})).rows
const reason = 'a test'

const spaceOf = async (owner: Actor) => ({ name: (await fixture.offlineSpace(owner)).name })

async function askForSpace(asker: Actor): Promise<{ id: string }> {
  const draft = { description: '', size: 'L' as const, endsAt: null, reason }
  return requestSpace(fixture.as(asker), { name: uniqueName('requested'), ...draft })
}

async function deny(decider: Actor, id: string): Promise<void> {
  const { payloadHash } = await readRequest(fixture.as(decider), { id })
  await decideRequest(fixture.as(decider), { id, payloadHash, decision: 'deny', reason })
}

test.each<[string, (id: string, people: { asker: Actor; decider: Actor }) => Promise<unknown>, string[]]>([
  ['the person decides', (id, { decider }) => deny(decider, id), ['request-waiting']],
  ['another person decides', (id) => deny(admin, id), ['request-waiting']],
  [
    'it is withdrawn',
    (id, { asker }) => withdrawRequest(fixture.as(asker), { id }),
    ['request-withdrawn', 'request-waiting'],
  ],
  [
    'it expires',
    (id) => fixture.owner.query('UPDATE request SET expires_at = now() WHERE id = $1', [id]),
    ['request-waiting'],
  ],
])('the event about a waiting request is left out until %s', async (_until, end, kinds) => {
  const [asker, decider] = await Promise.all([
    fixture.person('asker'),
    fixture.person('decider', { platformRole: 'admin' }),
  ])
  const { id } = await askForSpace(asker)
  const waits = async () =>
    (await listRequests(fixture.as(decider), { box: 'waiting' })).rows.some((row) => row.id === id)
  const shown = async () =>
    (await shownTo(decider))
      .filter(({ event }) => 'request' in event && event.request === id)
      .map(({ event }) => event.kind)
  expect({ waits: await waits(), shown: await shown() }).toEqual({ waits: true, shown: [] })
  await end(id, { asker, decider })
  expect({ waits: await waits(), shown: await shown() }).toEqual({ waits: false, shown: kinds })
})

test('a person who can’t decide on a request any more sees its event', async () => {
  const [owner, asker, next] = await Promise.all([
    fixture.person('owner'),
    fixture.person('asker'),
    fixture.person('next'),
  ])
  const space = await spaceOf(owner)
  await requestRole(fixture.as(asker), { space, role: 'viewer', minutes: 1_440, reason })
  expect(await shownTo(owner)).toEqual([])
  expect(await inboxCount(fixture, owner)).toBe(1)
  await offerSpace(fixture.as(owner), { space, to: next.handle })
  await acceptOffer(fixture.as(next), { id: (await listOffers(fixture.as(next)))[0]?.id ?? '' })
  expect((await shownTo(owner)).map(({ event }) => event.kind)).toEqual(['offer-accepted', 'request-waiting'])
})

test.each<[string, (id: string, owner: Actor) => Promise<unknown>]>([
  [
    'the person has decided on all lines',
    async (id, owner) => {
      const { lines } = await readReview(fixture.as(owner), { id, filter: {} })
      await decideReview(fixture.as(owner), { id, ids: lines.map((line) => line.id), decision: 'keep', reason })
    },
  ],
  ['the review ends', (id) => endReview(fixture.as(admin), { id, reason })],
])('the event about a review is left out until %s', async (_until, end) => {
  const [owner, member] = await Promise.all([fixture.person('owner'), fixture.person('member')])
  const space = await spaceOf(owner)
  await addGrant(fixture.as(owner), { space, principal: member.handle, role: 'viewer' })
  const { id } = await startReview(fixture.as(admin), {
    name: uniqueName('review'),
    spaces: [space.name],
    dueAt: new Date(Date.now() + 7 * dayMs),
    undecided: 'keep',
  })
  await advanceReviews(fixture.system())
  expect(await fixture.eventsFor(owner)).toMatchObject([{ event: { kind: 'review-waiting' } }])
  expect(await listWaitingReviews(fixture.as(owner))).toMatchObject([{ id }])
  expect(await shownTo(owner)).toEqual([])
  expect(await inboxCount(fixture, owner)).toBe(1)
  await end(id, owner)
  expect(await listWaitingReviews(fixture.as(owner))).toEqual([])
  expect(await shownTo(owner)).toMatchObject([{ unread: false, event: { kind: 'review-waiting', review: id } }])
})

test('the event about an offer is left out while it is open, but not those of earlier offers of the space', async () => {
  const [owner, taker] = await Promise.all([fixture.person('owner'), fixture.person('taker')])
  const space = await spaceOf(owner)
  const offer = () => offerSpace(fixture.as(owner), { space, to: taker.handle })
  const received = async () => (await shownTo(taker)).filter(({ event }) => event.kind === 'offer-received').length
  await offer()
  expect([await received(), await inboxCount(fixture, taker)]).toEqual([0, 1])
  await withdrawOffer(fixture.as(owner), { space })
  expect([await received(), await inboxCount(fixture, taker)]).toEqual([1, 0])
  await offer()
  expect([await received(), await inboxCount(fixture, taker)]).toEqual([1, 1])
  await declineOffer(fixture.as(taker), { id: (await listOffers(fixture.as(taker)))[0]?.id ?? '' })
  expect([await received(), await inboxCount(fixture, taker)]).toEqual([2, 0])
})

test('pages are full and complete although events between them are left out', async () => {
  const [owner, asker] = await Promise.all([fixture.person('owner'), fixture.person('asker')])
  const space = await spaceOf(owner)
  const { id } = await requestRole(fixture.as(asker), { space, role: 'viewer', minutes: 1_440, reason })
  // Three of four are about the request, several of them at the same instant as one that isn’t.
  await fixture.owner.query(
    `INSERT INTO inbox_event (id, user_id, kind, data, created_at, read_at)
     SELECT gen_random_uuid(), $1, CASE WHEN n % 4 = 0 THEN 'sessions-ended' ELSE 'request-waiting' END,
       CASE WHEN n % 4 = 0 THEN jsonb_build_object('by', null, 'credentials', n) ELSE e.data END,
       now() - interval '1 hour' * (n / 10), CASE WHEN n % 4 > 0 THEN now() END
     FROM generate_series(1, 240) n, inbox_event e WHERE e.user_id = $1 AND e.kind = 'request-waiting'`,
    [owner.userId],
  )
  const pages = async () => {
    const found = []
    for (let before: string | undefined; ; ) {
      const { rows, next } = await listInbox(fixture.as(owner), { before })
      found.push(rows)
      if (next === null) return found
      before = next
    }
  }
  const idsOf = (found: Awaited<ReturnType<typeof pages>>) => new Set(found.flat().map((row) => row.id))
  const waiting = await pages()
  expect(waiting.map((rows) => rows.length)).toEqual([25, 25, 10])
  expect(idsOf(waiting).size).toBe(60)
  expect(waiting.flat().every(({ event }) => event.kind === 'sessions-ended')).toBe(true)
  await deny(owner, id)
  const decided = await pages()
  expect(decided.map((rows) => rows.length)).toEqual([...Array.from({ length: 9 }, () => 25), 16])
  expect(idsOf(decided).size).toBe(241)
})

test('an unread event is shown whatever it is about, so that it can be marked as read', async () => {
  const [owner, asker] = await Promise.all([fixture.person('owner'), fixture.person('asker')])
  const space = await spaceOf(owner)
  await requestRole(fixture.as(asker), { space, role: 'viewer', minutes: 1_440, reason })
  await fixture.owner.query('UPDATE inbox_event SET read_at = NULL WHERE user_id = $1', [owner.userId])
  expect(await shownTo(owner)).toMatchObject([{ unread: true, event: { kind: 'request-waiting' } }])
  expect(await inboxCount(fixture, owner)).toBe(2)
  await markAllRead(fixture.as(owner), { until: new Date().toISOString() })
  expect(await shownTo(owner)).toEqual([])
  expect(await inboxCount(fixture, owner)).toBe(1)
})
