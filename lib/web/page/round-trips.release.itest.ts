import { afterAll, beforeAll, expect, test } from 'vitest'
import { uniqueName } from '#dev/testing/fixtures/unique-name.ts'
import { openWebFixture, type WebFixture } from '#dev/testing/fixtures/web-fixture.ts'
import { pageRoutes } from '#e2e/fixtures/routes.ts'
import { addGrant } from '#lib/features/access/use-cases/add-grant.ts'
import { createCredentialForAll } from '#lib/features/credentials/use-cases/create-credential.ts'
import { requestSize } from '#lib/features/requests/use-cases/request-size.ts'
import { advanceReviews } from '#lib/features/reviews/use-cases/advance-reviews.ts'
import { startReview } from '#lib/features/reviews/use-cases/start-review.ts'
import { createSpace } from '#lib/features/spaces/use-cases/create-space.ts'

/**
 * [statements, round trips] of each page: the session with the inbox count, then the page's own reads, in parallel
 * where possible. If the reader may have requests to decide, as the admin here does, one more statement counts them.
 */
const bounds: Readonly<Record<string, [number, number]>> = {
  // Lists with filters also read the reader's saved filters.
  '/': [6, 2],
  // For auditors, including the chain and its verifications; for admins also spaces with clusters, and requests.
  '/admin': [7, 2],
  '/admin/access': [2, 2],
  '/admin/clusters': [2, 2],
  '/admin/credentials': [4, 2],
  '/admin/people': [3, 2],
  '/admin/people/[handle]': [6, 3],
  '/admin/people/[handle]/access': [5, 4],
  '/admin/people/[handle]/activity': [5, 5],
  '/admin/people/[handle]/offboard': [6, 3],
  '/admin/policy': [2, 2],
  '/admin/provisioning': [6, 2],
  '/admin/reviews': [3, 2],
  '/admin/reviews/[id]': [5, 3],
  // Entries and the names in them; in parallel the chain, its verifications and deliveries.
  '/audit': [7, 3],
  '/audit/credentials/[id]': [4, 4],
  '/audit/events/[id]': [3, 3],
  // Also the chain, its verifications, clusters and deliveries.
  '/audit/exports': [7, 3],
  '/audit/spaces/[id]': [4, 4],
  '/credentials': [4, 3],
  '/inbox': [5, 2],
  '/inbox/settings': [3, 2],
  '/profile': [3, 2],
  '/profile/admin-role': [1, 1],
  '/requests': [3, 2],
  '/requests/[id]': [4, 3],
  '/requests/decided': [2, 2],
  '/requests/new': [1, 1],
  '/requests/open': [2, 2],
  '/sign-in': [1, 1],
  '/sign-in/break-glass': [1, 1],
  // Two of them only for an empty space: the first steps.
  '/spaces/[name]': [6, 6],
  '/spaces/[name]/access': [7, 3],
  // Finds the space in one statement per section: tables, direct access, and cluster data.
  '/spaces/[name]/access/report': [7, 4],
  '/spaces/[name]/activity': [5, 5],
  // In parallel, the space for the Secrets.
  '/spaces/[name]/configuration': [4, 3],
  '/spaces/[name]/configuration/object': [4, 3],
  // In parallel, when the person's own kubeconfigs expire.
  '/spaces/[name]/connect': [3, 2],
  '/spaces/[name]/logs': [3, 3],
  '/spaces/[name]/settings': [3, 3],
  '/spaces/[name]/shell': [3, 3],
  '/spaces/[name]/workload': [3, 3],
  '/spaces/[name]/workload/edit': [3, 3],
  '/spaces/new': [2, 2],
}

const space = uniqueName('counted')
let web: WebFixture
let request: string
let review: string
/** Ids of objects with their own page in the trail. */
let ids: Readonly<Record<string, string>>
let handle: string
let cookies: Record<'member' | 'admin', string>

beforeAll(async () => {
  web = await openWebFixture()
  const { broker } = web
  const [owner, admin] = await Promise.all([broker.person('owner'), broker.person('admin', { platformRole: 'admin' })])
  await createSpace(broker.as(owner), { name: space, description: '', size: 'S', endsAt: null })
  request = (await requestSize(broker.as(owner), { space: { name: space }, size: 'L', reason: 'it grew' })).id
  const week = new Date(Date.now() + 7 * 86_400_000)
  const reviewInput = { name: uniqueName('review'), spaces: [space], dueAt: week, undecided: 'keep' as const }
  await addGrant(broker.as(owner), { space: { name: space }, principal: admin.handle, role: 'viewer' })
  review = (await startReview(broker.as(admin), reviewInput)).id
  await advanceReviews(broker.system())
  handle = owner.handle
  await createCredentialForAll(broker.as(owner), {})
  const idOf = async (sql: string) => (await broker.owner.query(sql)).rows[0].id
  ids = {
    '/audit/credentials/[id]': await idOf('SELECT id FROM credential LIMIT 1'),
    '/audit/events/[id]': await idOf('SELECT id FROM audit_event WHERE intent_id IS NULL LIMIT 1'),
    '/audit/spaces/[id]': await idOf('SELECT id FROM space LIMIT 1'),
  }
  cookies = { member: await web.signIn(owner), admin: await web.signIn(admin) }
}, 900_000)
afterAll(() => web?.close())

/**
 * A busy machine may split parallel statements into several round trips, but never joins sequential ones. Periodic work
 * of the process, such as recording a session's use, may fall into a load. So the load is repeated with more time for
 * parallel statements, and the minimum counts.
 * @param most statements and
 * @param mostTrips round trips: loads are repeated, up to nine times, until both hold and nothing else runs
 * @returns the statements and round trips of loading a page, with open connections
 */
async function traffic(path: string, cookie: string, most: number, mostTrips: number) {
  const load = async () => {
    const answer = await web.get(path, { cookie })
    // A page that redirects counts too.
    expect([200, 307], path).toContain(answer.status)
    await answer.text()
  }
  // As many connections as needed while answers are held back.
  web.takeTraffic(1)
  await load()
  for (let time = 1; ; time++) {
    web.takeTraffic(Math.min(2 ** (time - 1), 16))
    await load()
    const taken = web.takeTraffic()
    const { 'spaceport-web': own = 0, ...others } = taken.statements
    const holds =
      taken.underWayBefore === 0 && taken.roundTrips <= mostTrips && own <= most && Object.keys(others).length === 0
    if (holds || time === 9) return taken
  }
}

test('every page stays within its bounds of statements and round trips, and none uses Prisma', async () => {
  expect(Object.keys(bounds)).toEqual([...pageRoutes])
  for (const [route, [most, mostTrips]] of Object.entries(bounds)) {
    const id = ids[route] ?? (route.startsWith('/admin/reviews') ? review : request)
    const object = route.endsWith('/object') ? '?kind=ConfigMap&name=kube-root-ca.crt' : ''
    const path = `${route.replace('[name]', space).replace('[id]', id).replace('[handle]', handle)}${object}`
    const readers = route === '/sign-in' ? { nobody: `spaceport-session=${'x'.repeat(43)}` } : cookies
    for (const [who, cookie] of Object.entries(readers)) {
      const counted = who === 'admin' ? 1 : 0
      const { statements, roundTrips } = await traffic(path, cookie, most + counted, mostTrips + counted)
      const { 'spaceport-web': own = 0, ...others } = statements
      expect.soft(others, `${path}, as ${who}`).toEqual({})
      expect.soft(own, `statements of ${path}, as ${who}`).toBeLessThanOrEqual(most + counted)
      expect.soft(roundTrips, `round trips of ${path}, as ${who}`).toBeLessThanOrEqual(mostTrips + counted)
    }
  }
}, 900_000)

test('an auditor’s list of every space takes one statement', async () => {
  const cookie = await web.signIn(await web.broker.person('auditor', { platformRole: 'auditor' }))
  const { statements, roundTrips } = await traffic(`/admin/access?search=${space}`, cookie, 2, 2)
  expect(statements).toEqual({ 'spaceport-web': 2 })
  expect(roundTrips).toBe(2)
})

test('entries of the trail also read the names in them', async () => {
  const { statements, roundTrips } = await traffic('/api/rows/audit?action=space.', cookies.admin, 3, 3)
  expect(statements).toEqual({ 'spaceport-web': 3 })
  expect(roundTrips).toBe(3)
})

test('usage over time reads the session, the space and its samples', async () => {
  for (const range of ['day', 'week']) {
    const { statements, roundTrips } = await traffic(
      `/api/rows/spaces/${space}/usage?range=${range}`,
      cookies.member,
      3,
      3,
    )
    expect(statements).toEqual({ 'spaceport-web': 3 })
    expect(roundTrips).toBe(3)
  }
})

test('rows alone read only the session and themselves', async () => {
  for (const [path, cookie] of [
    ['/api/rows/spaces?sort=created&order=desc', cookies.member],
    ['/api/rows/spaces?search=counted', cookies.admin],
    ['/api/rows/people?search=owner', cookies.admin],
    ['/api/rows/search?text=counted', cookies.admin],
    ['/api/rows/search', cookies.member],
  ] as const) {
    const { statements, roundTrips } = await traffic(path, cookie, 2, 2)
    expect(statements, path).toEqual({ 'spaceport-web': 2 })
    expect(roundTrips, path).toBe(2)
  }
})
