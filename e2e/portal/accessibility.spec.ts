import { uniqueName } from '#dev/testing/fixtures/unique-name.ts'
import { busyNamespace } from '#dev/ui/fixed-objects.ts'
import { deployment } from '#e2e/fixtures/deployment.ts'
import { corners, everywhere, largeScreenFirst, look } from '#e2e/fixtures/look.ts'
import { pageRoutes } from '#e2e/fixtures/routes.ts'
import { expect, test } from '#e2e/fixtures/test.ts'
import { newSpacePage } from '#e2e/models/new-space-page.ts'
import { requestPage } from '#e2e/models/request-page.ts'
import { spacePage } from '#e2e/models/space-page.ts'

/** Pages for every signed-in person, and those of a space. */
const plainRoutes = pageRoutes.filter(
  (route) => !route.includes('[') && !route.startsWith('/sign-in') && route !== '/profile/admin-role',
)
const spaceViews = pageRoutes.flatMap((route) => /^\/spaces\/\[name\]\/([a-z]+)$/.exec(route)?.[1] ?? [])
/** The people of the scene, which has data on every page. */
const cast = { owner: 'axel', colleague: 'alma', requester: 'ada', admin: 'carol' }
const nameOf = (route: string) => route.slice(1).replaceAll('/', '-') || 'spaces'

test('every page is covered: it is plain, belongs to a space, or has its own test', () => {
  const ofSpaces = ['/spaces/[name]', ...spaceViews.map((view) => `/spaces/[name]/${view}`)]
  const others = pageRoutes.filter((route) => !plainRoutes.includes(route) && !ofSpaces.includes(route))
  expect(others).toEqual([
    '/admin/people/[handle]',
    '/admin/people/[handle]/access',
    '/admin/people/[handle]/activity',
    '/admin/people/[handle]/offboard',
    '/admin/reviews/[id]',
    // surroundings.spec
    '/audit/credentials/[id]',
    '/audit/events/[id]',
    '/audit/spaces/[id]',
    // Where the role must be activated: admin-role.release.spec.
    '/profile/admin-role',
    '/requests/[id]',
    '/sign-in',
    '/sign-in/break-glass',
    // access-report.spec
    '/spaces/[name]/access/report',
    // configuration.spec
    '/spaces/[name]/configuration/object',
    // edit-yaml.spec
    '/spaces/[name]/workload/edit',
  ])
})

// The longest spec: its tests run in parallel on all workers.
test.describe.configure({ mode: 'parallel' })

test('signed-out pages are accessible and fit the screen: sign-in, its errors, the provider’s form', async ({
  nobody,
  stack,
}) => {
  test.setTimeout(240_000)
  const problems: string[] = []
  await nobody.goto(`${stack.webUrl}/sign-in`)
  problems.push(...(await look(nobody, 'sign-in')))
  await nobody.goto(`${stack.webUrl}/sign-in?error=access_denied`)
  problems.push(...(await look(nobody, 'sign-in-error')))
  await nobody.goto(`${stack.webUrl}/sign-in/break-glass?error=break_glass_refused`)
  problems.push(...(await look(nobody, 'sign-in-break-glass')))
  await nobody.goto(`${stack.webUrl}/sign-in`)
  await nobody.getByRole('button', { name: 'Sign in' }).click()
  await expect(nobody.getByLabel('Password')).toBeVisible()
  problems.push(...(await look(nobody, 'identity-provider')))
  expect(problems).toEqual([])
})

test('each page of a space is accessible and fits the screen, with a member, workloads and dialogs', async ({
  as,
  stack,
  kubectlFor,
  seedScene,
}) => {
  test.setTimeout(360_000)
  const page = await as('axel')
  await seedScene(cast)
  const name = busyNamespace
  const space = spacePage(page, stack.webUrl, name)
  const problems: string[] = []
  const mine = await kubectlFor(page, name)
  await mine.ok(['apply', '-f', '-'], { input: deployment('checkout', 3) })
  await mine.ok(['rollout', 'status', 'deployment/checkout', '--timeout=40s'])
  await space.open()
  await expect(page.getByRole('table', { name: 'Workloads' })).toContainText('3 of 3')
  problems.push(...(await look(page, 'space')))
  for (const view of spaceViews) {
    await space.open(view)
    await expect(space.status).toBeVisible()
    problems.push(...(await look(page, `space-${view}`)))
  }
  await space.open('settings')
  await page.getByRole('button', { name: 'Delete space' }).click()
  problems.push(...(await look(page, 'space-delete-dialog')))
  await space.open('access')
  await page.getByRole('button', { name: 'Add member' }).click()
  problems.push(...(await look(page, 'space-add-member-dialog')))
  await space.open('connect')
  await expect(space.status).toBeVisible()
  expect(problems).toEqual([])
})

test('lists, forms and requests are accessible and fit the screen', async ({ as, stack, seedScene }) => {
  test.setTimeout(360_000)
  const [page, newcomer] = [await as('axel'), await as('ada')]
  await seedScene(cast)
  const problems: string[] = []
  await newcomer.goto(stack.webUrl)
  problems.push(...(await look(newcomer, 'spaces-empty')))
  const visit = async (path: string, name: string) => {
    await page.goto(`${stack.webUrl}${path}`)
    await expect(page.getByRole('heading', { level: 1 })).toBeAttached()
    problems.push(...(await look(page, name, corners)))
  }
  const form = newSpacePage(newcomer)
  await form.open(stack.webUrl)
  await form.fill({ name: 'kube-system', size: 'L', reason: 'Because' })
  await expect(newcomer.getByText(/reserved/).first()).toBeVisible()
  problems.push(...(await look(newcomer, 'new-space')))
  await requestPage(newcomer, stack.webUrl).askForRole({
    space: uniqueName('unknown'),
    role: 'admin',
    lasts: '1440',
    reason: 'On call this week, and have to see why checkout fails',
  })
  await expect(newcomer.getByRole('heading', { level: 1, name: /^Your request: admin in/ })).toBeVisible()
  problems.push(...(await look(newcomer, 'request-own')))
  // Members see the same refusal on each admin page.
  const refused = plainRoutes.filter((route) => route.startsWith('/admin')).slice(1)
  for (const route of plainRoutes.filter((each) => !refused.includes(each))) await visit(route, nameOf(route))
  await visit('/spaces/nowhere', 'no-such-space')
  await visit('/no-such-page', 'not-found')
  expect(problems).toEqual([])
})

test('pages for platform admins are accessible and fit the screen', async ({ as, stack, seedScene }) => {
  test.setTimeout(360_000)
  const admin = await as('carol')
  await seedScene(cast)
  const problems: string[] = []
  // `npm test` looks only at those for admins.
  const ofAdmins = /^\/(admin|audit|requests\/open)/
  for (const route of plainRoutes.filter((each) => everywhere || ofAdmins.test(each))) {
    await admin.goto(`${stack.webUrl}${route}`)
    problems.push(...(await look(admin, `${nameOf(route)}-of-an-admin`, largeScreenFirst)))
  }
  expect(problems).toEqual([])
})
