import { uniqueName } from '#dev/testing/fixtures/unique-name.ts'
import { deployment } from '#e2e/fixtures/deployment.ts'
import { expect, test } from '#e2e/fixtures/test.ts'
import { accessPage } from '#e2e/models/access-page.ts'
import { newSpacePage } from '#e2e/models/new-space-page.ts'
import { requestPage } from '#e2e/models/request-page.ts'
import { spacePage } from '#e2e/models/space-page.ts'

test('a space beyond the limits is requested, approved by an admin, and created', async ({
  as,
  stack,
  admin,
  seedSpace,
}) => {
  test.setTimeout(300_000)
  const asker = await as('quinn')
  const form = newSpacePage(asker)
  for (let count = 0; count < 5; count++) await seedSpace(asker, { name: uniqueName('full') })
  const name = uniqueName('more')
  await form.open(stack.webUrl)
  await expect(asker.getByText('5 of 5 spaces used')).toBeVisible()
  await form.fill({ name, size: 'L', reason: 'A load test of two weeks' })
  await form.requestButton.click()
  await asker.waitForURL(/\/requests\/[0-9a-f-]{36}/)
  const request = asker.url()
  await expect(asker.getByRole('heading', { level: 1 })).toHaveText(
    `Your request: new space ${name}, size L, with no end date`,
  )
  await expect(asker.getByRole('button', { name: 'Approve' }), 'no decision on one’s own request').toHaveCount(0)
  const back = (page: typeof asker) => page.getByRole('main').getByRole('link').first()
  await expect(back(asker)).toHaveText('Requests')
  expect((await admin.run(['get', 'namespace', name])).stderr).toContain('NotFound')

  const stranger = await as('ruth')
  await stranger.goto(request)
  await expect(stranger.getByRole('heading', { level: 1 })).toBeVisible()
  await expect(stranger.getByRole('main')).not.toContainText(name)

  const decider = await as('carol')
  const decide = requestPage(decider, stack.webUrl)
  await decider.goto(stack.webUrl)
  await expect(decider.getByRole('link', { name: /Inbox \d+\+? waiting or unread/ })).toBeVisible()
  await decide.openWaiting(`New space ${name}, size L`)
  await expect(decider.getByRole('main')).toContainText('A load test of two weeks')
  await expect(decider.getByRole('main')).toContainText('Quinn Example')
  await expect(back(decider)).toHaveText('Inbox')
  await decide.approve()
  await decider.goto(request)
  await expect(back(decider)).toHaveText('Decided requests')

  const space = spacePage(asker, stack.webUrl, name)
  await space.open()
  await space.waitUntilReady()
  await expect(asker.getByText('Size L', { exact: true })).toBeVisible()

  // The request links to the space, and shows when it is deleted.
  await asker.goto(request)
  const made = asker.getByRole('listitem').filter({ hasText: `Space ${name} was created` })
  await expect(made.getByRole('link', { name })).toHaveAttribute('href', `/spaces/${name}`)
  await expect(asker.getByRole('link', { name: 'Download kubeconfig' })).toHaveAttribute(
    'href',
    `/spaces/${name}/connect`,
  )
  await asker.getByRole('link', { name: `Open ${name}` }).click()
  await asker.waitForURL(`**/spaces/${name}`)
  await space.remove()
  await expect(space.gone).toBeVisible({ timeout: 60_000 })
  await asker.goto(request)
  await expect(asker.getByText('The space has been deleted')).toBeVisible()
  await expect(made.getByRole('link')).toHaveCount(0)
})

test('a platform admin who is not a member is not offered sizes that only members can request', async ({
  as,
  stack,
  seedSpace,
}) => {
  const [owner, admin] = [await as('wanda'), await as('carol')]
  const name = uniqueName('sized')
  await seedSpace(owner, { name })
  await spacePage(owner, stack.webUrl, name).open('settings')
  await expect(owner.getByRole('radio', { name: /^L\b/ })).toBeVisible()
  await admin.goto(`${stack.webUrl}/spaces/${name}/settings?size=L`)
  await expect(admin.getByRole('radio', { name: /^M\b/ })).toBeVisible()
  await expect(admin.getByRole('radio', { name: /^L\b/ })).toHaveCount(0)
  await expect(admin.getByText('Wanda Example, who owns this space, or an admin of it can ask for one')).toBeVisible()
})

test('an unknown cluster is named, and the form is shown anyway', async ({ as, stack }) => {
  const page = await as('ruth')
  await page.goto(`${stack.webUrl}/spaces/nowhere?cluster=typo`)
  await page.getByRole('button', { name: 'Request access' }).click()
  await expect(page.getByText('There’s no cluster typo')).toBeVisible()
  await expect(page.getByRole('textbox', { name: 'Space' })).toHaveValue('nowhere')
  await page.goto(`${stack.webUrl}/requests/new?space=nowhere`)
  await expect(page.getByRole('textbox', { name: 'Space' })).toHaveValue('nowhere')
  await expect(page.getByText('There’s no cluster')).toHaveCount(0)
})

test('a role is requested by space name; the owner sees the gained permissions, approves for a day, and the role works', async ({
  as,
  stack,
  kubectlFor,
  seedSpace,
}) => {
  test.setTimeout(150_000)
  const [owner, asker] = [await as('ruth'), await as('erin')]
  const name = uniqueName('asked')
  await seedSpace(owner, { name })

  await requestPage(asker, stack.webUrl).askForRole({ space: name, role: 'editor', lasts: '10080', reason: 'On call' })
  await expect(asker.getByText('Open', { exact: true }).first()).toBeVisible()

  const decide = requestPage(owner, stack.webUrl)
  await decide.openWaiting(`Editor role in ${name} for 7 days`)
  await expect(owner.getByRole('list', { name: 'Risks' })).toHaveText('SecretsShellWrite')
  await expect(owner.getByText('Also editor')).toBeVisible()
  await owner.locator('summary', { hasText: 'resources' }).click()
  const gained = owner.getByRole('table', { name: 'Permissions gained' })
  await expect(gained).toContainText('secrets')
  await expect(gained).toContainText('pods/exec')
  await expect(gained.getByText('Sensitive').first()).toBeVisible()
  await owner.getByRole('combobox', { name: 'For how long' }).selectOption('1440')
  await decide.approve()

  const theirs = await kubectlFor(asker, name)
  await expect
    .poll(async () => (await theirs.run(['apply', '-f', '-'], { input: deployment('on-call') })).status)
    .toBe(0)
  const access = accessPage(owner, stack.webUrl, name)
  await access.open()
  const row = access.members.getByRole('row', { name: /Erin Example/ })
  await expect(row).toContainText('Editor')
  await expect(row).not.toContainText('No end')
})

test('a role for an hour is approved, used, and ends on time during a watch', async ({
  as,
  stack,
  sql,
  admin,
  kubectlFor,
  seedRequest,
  seedSpace,
}) => {
  test.setTimeout(150_000)
  const [owner, asker] = [await as('ruth'), await as('erin')]
  const name = uniqueName('hourly')
  await seedSpace(owner, { name })
  await seedRequest(asker, { space: name, role: 'editor', minutes: 60, reason: 'Incident' })
  const decide = requestPage(owner, stack.webUrl)
  await decide.openWaiting(`Editor role in ${name} for 1 hour`)
  await decide.approve()

  const theirs = spacePage(asker, stack.webUrl, name)
  await theirs.open()
  await expect(asker.getByText(/Your role: editor until .+ \(\d+ min \d+ s left\)/)).toBeVisible()
  const kubectl = await kubectlFor(asker, name)
  await expect.poll(async () => (await kubectl.run(['create', 'configmap', 'used'])).status).toBe(0)
  const watching = kubectl.start(['get', 'configmaps', '-w', '-o', 'name'])
  await expect.poll(watching.output).toContain('configmap/used')
  const bindings = async () => (await admin.run(['get', 'rolebindings', '-n', name, '-o', 'name'])).stdout
  expect(await bindings()).toContain('spaceport:editor')

  const ends = Date.now() + 4_000
  await sql(
    'UPDATE space_grant SET ends_at = $1 WHERE space_id = (SELECT id FROM space WHERE name = $2) AND request_id IS NOT NULL',
    [new Date(ends), name],
  )
  await watching.ended
  const late = Date.now() - ends
  expect(late).toBeGreaterThanOrEqual(-50)
  // The gateway's own tests require one second; kubectl takes longer to give up.
  expect(late).toBeLessThan(15_000)
  expect((await kubectl.run(['get', 'configmaps'])).stderr).toContain(
    'you no longer have access to this credential’s space',
  )
  await expect.poll(bindings, { timeout: 30_000 }).not.toContain('spaceport:editor')
  await theirs.open()
  await expect(theirs.unknown).toBeVisible()
})

test('a role with an exact duration and start can be requested, and invalid input is explained', async ({
  as,
  stack,
  seedSpace,
}) => {
  const [owner, asker] = [await as('ruth'), await as('erin')]
  const name = uniqueName('exact')
  await seedSpace(owner, { name })
  await asker.goto(`${stack.webUrl}/requests/new?space=${name}&role=editor`)
  await asker.getByRole('combobox', { name: 'For how long' }).selectOption('exact')
  await asker.getByRole('textbox', { name: 'Duration' }).fill('5')
  await asker.getByRole('textbox', { name: 'Reason' }).fill('Maintenance')
  const send = asker.getByRole('button', { name: 'Request access' })
  await send.click()
  await expect(asker.getByText('At least 15 minutes.').first()).toBeVisible()
  await asker.getByRole('textbox', { name: 'Duration' }).fill('90')
  await asker.getByRole('combobox', { name: 'Starts' }).selectOption('later')
  await send.click()
  await expect(asker.getByText('Choose a start within the next 30 days.').first()).toBeVisible()
  const start = new Date(Date.now() + 24 * 3_600_000).toISOString().slice(0, 16)
  await asker.getByLabel('Start (UTC)').fill(start)
  await send.click()
  await expect(asker.getByRole('heading', { level: 1 })).toHaveText(
    new RegExp(`^Your request: editor in ${name} for 90 minutes, from .+${start.slice(11)} UTC$`),
  )
  const decide = requestPage(owner, stack.webUrl)
  await decide.openWaiting(new RegExp(`Editor role in ${name} for 90 minutes`))
  await decide.approve()
  await expect(owner.getByText(/Access starts/)).toBeVisible()
  await spacePage(asker, stack.webUrl, name).open()
  await expect(spacePage(asker, stack.webUrl, name).unknown).toBeVisible()
})

test('a requester sees the reason of a denial, and can withdraw a request', async ({
  as,
  stack,
  seedRequest,
  seedSpace,
}) => {
  const [owner, asker] = [await as('ruth'), await as('erin')]
  const name = uniqueName('denied')
  await seedSpace(owner, { name })
  const url = await seedRequest(asker, { space: name, role: 'admin', minutes: null, reason: 'Just so' })
  const decide = requestPage(owner, stack.webUrl)
  await decide.openWaiting(`Admin role in ${name} with no end date`)
  await owner.getByRole('button', { name: 'Deny' }).click()
  await expect(owner.getByRole('textbox', { name: 'Reason' })).toHaveAccessibleDescription(
    /Give a reason for denying the request/,
  )
  await decide.deny('Ask for less')
  await asker.goto(url)
  await expect(asker.getByRole('main')).toContainText('Ask for less')
  await expect(asker.getByText('Denied', { exact: true }).first()).toBeVisible()

  const next = { space: name, role: 'viewer', lasts: '1440', reason: 'Then this' } as const
  await requestPage(asker, stack.webUrl).askForRole(next)
  await asker.getByRole('button', { name: /Withdraw/ }).click()
  await expect(asker.getByText('Withdrawn', { exact: true }).first()).toBeVisible()
})

test('a stranger cannot tell an existing space from a missing one', async ({ as, stack, seedSpace }) => {
  const owner = await as('ruth')
  const name = uniqueName('hidden')
  await seedSpace(owner, { name })

  const stranger = await as('erin')
  const nowhere = uniqueName('hidden')
  const textOfMain = (space: string) =>
    stranger.getByRole('main').evaluate((main, name) => {
      const shown = main.cloneNode(true) as HTMLElement
      for (const time of shown.querySelectorAll('time')) {
        time.textContent = 'TIME'
      }
      return shown.textContent?.replaceAll(name, 'NAME')
    }, space)
  const seenOf = async (space: string) => {
    const seen: unknown[] = []
    for (const view of ['', '/access', '/connect', '/activity', '/settings']) {
      const answer = await stranger.goto(`${stack.webUrl}/spaces/${space}${view}`)
      await expect(spacePage(stranger, stack.webUrl, space).unknown).toBeVisible()
      await expect(stranger, 'it arrives shortly after the page').toHaveTitle(/./)
      const title = (await stranger.title()).replace(/^\(\d+\) /, '')
      seen.push([answer?.status(), title, await textOfMain(space)])
    }
    const live = await stranger.request.get(`${stack.webUrl}/api/spaces/${space}/live`)
    seen.push(live.status())
    const ask = requestPage(stranger, stack.webUrl)
    await ask.askForRole({ space, role: 'viewer', lasts: '1440', reason: 'Curious' })
    seen.push(await textOfMain(space))
    return seen
  }
  expect(await seenOf(nowhere)).toEqual(await seenOf(name))
})

const screens = [
  { on: 'a desktop', width: 1440, height: 900 },
  { on: 'a phone', width: 360, height: 640 },
] as const

for (const { on, ...viewport } of screens) {
  test(`on ${on}, two requests are decided in a row, oldest first, and the resulting space opens`, async ({
    as,
    stack,
    seedRequest,
    seedSpace,
  }) => {
    test.setTimeout(150_000)
    const [owner, first, second] = [await as('wanda'), await as('erin'), await as('quinn')]
    const name = uniqueName('queue')
    await seedSpace(owner, { name })
    const asked = { space: name, minutes: 10_080 }
    const older = await seedRequest(first, { ...asked, role: 'editor', reason: 'On call' })
    await seedRequest(second, { ...asked, role: 'viewer', reason: 'To look' })

    await owner.setViewportSize(viewport)
    const decide = requestPage(owner, stack.webUrl)
    await decide.openInbox()
    const rows = decide.waiting.getByRole('row').filter({ hasText: name })
    await expect(rows.first()).toContainText('Secrets, shell, write')
    // Anywhere in the row: on its far side, not on its link.
    const box = await rows.first().boundingBox()
    if (!box) throw new Error('the row is not drawn')
    await rows.first().click({ position: { x: box.width - 12, y: box.height - 8 } })
    await owner.waitForURL(older)
    await expect(owner.getByRole('heading', { level: 1 })).toHaveText(
      /^Erin Example \(no group, \d+ of 5 spaces\) asks to be editor in \S+ for 7 days$/,
    )
    await expect(owner.getByRole('button', { name: 'Approve' })).toBeInViewport()
    if (on === 'a phone') {
      const bar = await owner.getByRole('button', { name: 'Approve' }).locator('..').boundingBox()
      expect((bar?.y ?? 0) + (bar?.height ?? 0), 'nothing shows below the buttons').toBe(viewport.height)
    }
    await expect(owner.getByRole('table', { name: 'Permissions gained' })).toBeHidden()

    await expect(async () => {
      // The page may not listen yet.
      await owner.keyboard.press('d')
      await expect(owner.getByRole('button', { name: 'Deny' })).toBeFocused({ timeout: 1_000 })
    }).toPass()
    await owner.keyboard.press('a')
    await expect(owner.getByRole('button', { name: 'Approve' })).toBeFocused()
    const reason = owner.getByRole('textbox', { name: 'Reason' })
    await reason.press('d')
    await expect(reason).toHaveValue('d')
    await expect(reason).toBeFocused()
    await reason.fill('')
    await decide.approve()
    await expect(owner.getByRole('heading', { name: 'You approved this request' })).toBeFocused()
    await expect(owner.getByText('Erin Example became editor')).toBeVisible()

    await owner.getByRole('link', { name: /^Next request \(\d+ waiting\)/ }).click()
    await expect(owner.getByRole('heading', { level: 1 })).toHaveText(/^Quinn Example .* asks to be viewer/)
    await expect(owner.getByText('Read only', { exact: true })).toBeVisible()
    await decide.deny('Look at the dashboard')
    await expect(owner.getByRole('heading', { name: 'You denied this request' })).toBeFocused()

    await first.goto(older)
    const became = first.getByRole('listitem').filter({ hasText: 'You became editor in' })
    await expect(became.getByRole('link', { name })).toBeVisible()
    await expect(first.getByRole('heading', { level: 1 })).toHaveText(`Your request: editor in ${name} for 7 days`)
    await expect(first.getByRole('heading', { name: 'Wanda Example approved your request' })).toBeVisible()
    await first.getByRole('link', { name: `Open ${name}` }).click()
    await expect(spacePage(first, stack.webUrl, name).status).toHaveText('Ready')
  })
}

test('the shortcuts to the buttons can be turned off, and stay off', async ({ as, seedRequest, seedSpace }) => {
  const [owner, asker] = [await as('wanda'), await as('erin')]
  const name = uniqueName('keys')
  await seedSpace(owner, { name })
  await owner.goto(await seedRequest(asker, { space: name, role: 'viewer', minutes: 1_440, reason: 'To look' }))
  await owner.getByRole('button', { name: 'Turn off' }).click()
  await owner.reload()
  await expect(owner.getByRole('button', { name: 'Turn on' })).toBeVisible()
  await owner.keyboard.press('a')
  await expect(owner.getByRole('button', { name: 'Approve' })).not.toBeFocused()
  await owner.getByRole('button', { name: 'Turn on' }).click()
  await owner.getByRole('heading', { level: 1 }).click()
  await owner.keyboard.press('a')
  await expect(owner.getByRole('button', { name: 'Approve' })).toBeFocused()
})
