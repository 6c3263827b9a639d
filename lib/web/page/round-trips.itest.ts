import { afterAll, beforeAll, expect, test } from 'vitest'
import { uniqueName } from '#dev/testing/unique-name.ts'
import { openWebFixture, type WebFixture } from '#dev/testing/web-fixture.ts'
import { pageRoutes } from '#e2e/fixtures/routes.ts'
import { addGrant } from '#lib/broker/access/add-grant.ts'
import { requestSize } from '#lib/broker/requests/request-size.ts'
import { advanceReviews } from '#lib/broker/reviews/advance-reviews.ts'
import { startReview } from '#lib/broker/reviews/start-review.ts'
import { createSpace } from '#lib/broker/spaces/create-space.ts'

/**
 * Statements and round trips of each page: the session with the count of the inbox, then what the page itself
 * reads, side by side where one doesn't need the other. As [statements, round trips].
 */
const bounds: Readonly<Record<string, [number, number]>> = {
  '/': [5, 2],
  '/admin': [1, 1],
  '/admin/access': [2, 2],
  '/admin/credentials': [3, 2],
  '/admin/people': [2, 2],
  '/admin/people/[handle]': [8, 3],
  '/admin/people/[handle]/offboard': [5, 3],
  '/admin/policy': [2, 2],
  '/admin/provisioning': [3, 2],
  '/admin/reviews': [3, 2],
  '/admin/reviews/[id]': [5, 3],
  '/audit': [2, 2],
  '/credentials': [4, 3],
  '/inbox': [5, 2],
  '/inbox/settings': [3, 2],
  '/profile': [3, 2],
  '/profile/admin-role': [1, 1],
  '/requests': [4, 2],
  '/requests/[id]': [4, 3],
  '/requests/decided': [2, 2],
  '/requests/new': [1, 1],
  '/sign-in': [1, 1],
  '/sign-in/sealed': [1, 1],
  '/spaces/[name]': [4, 4],
  '/spaces/[name]/access': [7, 3],
  '/spaces/[name]/activity': [4, 4],
  '/spaces/[name]/connect': [2, 2],
  '/spaces/[name]/settings': [3, 3],
  '/spaces/new': [2, 2],
}

const space = uniqueName('counted')
let web: WebFixture
let request: string
let review: string
let handle: string
let cookies: Record<'member' | 'admin', string>

beforeAll(async () => {
  web = await openWebFixture()
  const { broker } = web
  const [owner, admin] = await Promise.all([broker.person('owner'), broker.person('admin', { platformRole: 'admin' })])
  await createSpace(broker.as(owner), { name: space, description: '', size: 'S', endsAt: null })
  request = (await requestSize(broker.as(owner), { space: { name: space }, size: 'L', reason: 'it grew' })).id
  const week = new Date(Date.now() + 7 * 86_400_000)
  const wish = { name: uniqueName('review'), spaces: [space], dueAt: week, undecided: 'keep' as const }
  await addGrant(broker.as(owner), { space: { name: space }, principal: admin.handle, role: 'viewer' })
  review = (await startReview(broker.as(admin), wish)).id
  await advanceReviews(broker.system())
  handle = owner.handle
  cookies = { member: await web.signIn(owner), admin: await web.signIn(admin) }
}, 300_000)
afterAll(() => web?.close())

/**
 * A busy machine may split what was asked side by side into several round trips, but never joins what was asked one after
 * another: the fewest of some loads, with ever more time for what is asked side by side, are the page's own.
 * @param mostTrips loads are repeated until it holds, at most five times
 * @returns what loading a page asked of Postgres, once its connections are open
 */
async function traffic(path: string, cookie: string, mostTrips: number) {
  const load = async () => {
    const answer = await web.get(path, { cookie })
    // A page that leads to another is a page too.
    expect([200, 307], path).toContain(answer.status)
    await answer.text()
  }
  await load()
  for (let patience = 1; ; patience *= 2) {
    web.takeTraffic(patience)
    await load()
    const taken = web.takeTraffic()
    if (taken.roundTrips <= mostTrips || patience === 16) return taken
  }
}

test('no page asks more of Postgres than it must, and none through Prisma', async () => {
  expect(Object.keys(bounds)).toEqual([...pageRoutes])
  for (const [route, [most, mostTrips]] of Object.entries(bounds)) {
    const id = route.startsWith('/admin/reviews') ? review : request
    const path = route.replace('[name]', space).replace('[id]', id).replace('[handle]', handle)
    const readers = route === '/sign-in' ? { nobody: `spaceport-session=${'x'.repeat(43)}` } : cookies
    for (const [who, cookie] of Object.entries(readers)) {
      const { statements, roundTrips } = await traffic(path, cookie, mostTrips)
      const { 'spaceport-web': own = 0, ...others } = statements
      expect.soft(others, `${path}, as ${who}`).toEqual({})
      expect.soft(own, `statements of ${path}, as ${who}`).toBeLessThanOrEqual(most)
      expect.soft(roundTrips, `round trips of ${path}, as ${who}`).toBeLessThanOrEqual(mostTrips)
    }
  }
})

test('who holds what takes as few, for a person and for a space', async () => {
  // A space’s page finds the space twice: its own part doesn’t wait for the cluster’s.
  for (const [query, most, mostTrips] of [
    [`?person=${handle}`, 4, 3],
    [`?space=${space}`, 5, 3],
    [`?by=space&search=${space}`, 2, 2],
  ] as const) {
    const { statements, roundTrips } = await traffic(`/admin/access${query}`, cookies.admin, mostTrips)
    expect(Object.keys(statements), query).toEqual(['spaceport-web'])
    expect(statements['spaceport-web'], query).toBeLessThanOrEqual(most)
    expect(roundTrips, query).toBeLessThanOrEqual(mostTrips)
  }
})

test('rows alone take no more than the session and themselves', async () => {
  for (const [path, cookie] of [
    ['/api/rows/spaces?sort=created&order=desc', cookies.member],
    ['/api/rows/spaces?search=counted', cookies.admin],
    ['/api/rows/audit?action=space.', cookies.admin],
    ['/api/rows/people?search=owner', cookies.admin],
  ] as const) {
    const { statements, roundTrips } = await traffic(path, cookie, 2)
    expect(statements, path).toEqual({ 'spaceport-web': 2 })
    expect(roundTrips, path).toBe(2)
  }
})
