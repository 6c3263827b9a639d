import { uniqueName } from '#dev/testing/fixtures/unique-name.ts'
import { corners, lookBeforeRelease } from '#e2e/fixtures/look.ts'
import { expect, test } from '#e2e/fixtures/test.ts'
import { typeEarly } from '#e2e/fixtures/type-early.ts'
import { newSpacePage } from '#e2e/models/new-space-page.ts'
import { policyPage } from '#e2e/models/policy-page.ts'
import { requestPage } from '#e2e/models/request-page.ts'
import { spacePage } from '#e2e/models/space-page.ts'

test('an admin tries and saves a lower limit, which sends people to a request, and restores the old one', async ({
  as,
  stack,
  seedSpace,
}) => {
  test.setTimeout(150_000)
  const [member, admin, auditor] = [await as('pia'), await as('carol'), await as('dave')]
  const first = uniqueName('first')
  await seedSpace(member, { name: first })

  const policy = policyPage(admin, stack.webUrl)
  await policy.open()
  const before = await policy.limit.inputValue()
  await policy.limit.fill('many')
  await policy.previewButton.click()
  await expect(policy.limit).toHaveAccessibleDescription(/Enter a whole number/)
  await expect(policy.limit).toBeFocused()
  await expect(policy.alert, 'said once').toHaveCount(0)
  await policy.limit.fill('0')
  await expect(policy.changes.getByRole('listitem')).toHaveText([`Spaces per person: ${before} would become→ 0`])
  await expect(policy.changeCount).toHaveText('1 change')
  await expect(policy.changeCount, 'the bar stays in sight').toBeInViewport()
  await policy.previewButton.click()
  await expect(policy.preview).toContainText('The owner already had 0: sent to approval')
  await expect(policy.preview.getByRole('link', { name: first })).toBeVisible()

  expect(await lookBeforeRelease(admin, 'policy-preview')).toEqual([])

  await policy.saveButton.click()
  await expect(policy.reason).toHaveAccessibleDescription(/Fill this in/)
  await expect(policy.reason).toBeFocused()
  await expect(policy.reason).toBeInViewport()
  await policy.reason.fill('No new spaces while we move')
  await policy.saveButton.click()
  await expect(policy.history.first()).toContainText('No new spaces while we move')
  await expect(policy.history.first()).toContainText(`Spaces per person: ${before}`)
  await expect(policy.reason, 'each version has its own').toHaveValue('')
  await expect(policy.changeCount).toHaveText('No changes')

  const second = uniqueName('second')
  const form = newSpacePage(member)
  await form.open(stack.webUrl)
  await expect(member.getByText('This needs approval')).toBeVisible()
  await form.fill({ name: second, reason: 'For the move itself' })
  await form.requestButton.click()
  await member.waitForURL(/\/requests\/[0-9a-f-]{36}/)

  await member.goto(`${stack.webUrl}/admin/policy`)
  await expect(member.getByText('Only auditors and platform admins can see this page')).toBeVisible()
  const audited = policyPage(auditor, stack.webUrl)
  await audited.open()
  await expect(auditor.getByText('No new spaces while we move')).toBeVisible()
  await expect(audited.saveButton).toHaveCount(0)

  // Another admin's page is older than what was saved.
  const lateAdmin = await as('carol')
  const late = policyPage(lateAdmin, stack.webUrl)
  await late.open()
  await policy.open()
  await policy.limit.fill(before)
  await policy.reason.fill('The move is over')
  await policy.saveButton.click()
  await expect(policy.history.first()).toContainText('The move is over')
  // Her page learns of the new version, but her form is still based on the old one.
  await expect(late.history.first()).toContainText('The move is over')
  const outdated = lateAdmin.getByRole('main').getByRole('status').getByText('A new version has been saved')
  await expect(outdated).toBeVisible()
  await expect(late.changeCount, 'her form, not the new version, is compared').toHaveText('No changes')
  expect(await lookBeforeRelease(lateAdmin, 'policy-outdated', corners)).toEqual([])
  await late.limit.fill('3')
  await late.reason.fill('Fewer for all')
  await late.saveButton.click()
  await expect(late.alert).toContainText(`Spaces per person: 0 → ${before}`)
  await lateAdmin.getByRole('button', { name: 'Start again' }).click()
  await expect(late.limit).toHaveValue(before)
  await expect(outdated).toHaveCount(0)
  await expect(late.alert).toHaveCount(0)
  await expect(late.limit).toBeFocused()
  for (const [limit, reason] of [
    ['4', 'One more for all'],
    [before, 'As it was'],
  ] as const) {
    await late.limit.fill(limit)
    await late.reason.fill(reason)
    await late.saveButton.click()
    await expect(late.history.first()).toContainText(reason)
  }
  await expect(outdated).toHaveCount(0)
})

test('of two required approvals, only the second gives access; then a group decides', async ({
  as,
  stack,
  kubectlFor,
  seedRequest,
  seedSpace,
}) => {
  test.setTimeout(240_000)
  const [asker, owner, admin, warden] = [await as('pia'), await as('paul'), await as('carol'), await as('petra')]
  const problems: string[] = []
  const policy = policyPage(admin, stack.webUrl)
  await policy.open()
  await policy.roleApprovals.fill('0')
  await policy.roleDeciders.selectOption('A group')
  await policy.reason.fill('Two look at roles')
  await policy.saveButton.click()
  await expect(policy.roleApprovals).toHaveAccessibleDescription(/1 to 5/)
  await expect(policy.roleGroup).toHaveAccessibleDescription(/name of a group/)
  await expect(policy.alert).toContainText('Some fields need your attention.')
  await expect(policy.alert.getByRole('link')).toHaveText([
    'Group that decides on roles',
    'Approvals needed for a role',
  ])
  await policy.alert.getByRole('link', { name: 'Approvals needed for a role' }).click()
  await expect(policy.roleApprovals).toBeFocused()
  problems.push(...(await lookBeforeRelease(admin, 'policy-with-errors', corners)))
  await policy.roleApprovals.fill('2')
  await policy.roleDeciders.selectOption('Space owner, and platform admins')
  await policy.saveButton.click()
  await expect(policy.history.first()).toContainText('Approvals for a role: 1')

  const name = uniqueName('agreed')
  await seedSpace(owner, { name })
  const url = await seedRequest(asker, { space: name, role: 'editor', minutes: 10_080, reason: 'On call' })
  const first = requestPage(owner, stack.webUrl)
  await first.openWaiting(`Editor role in ${name} for 7 days`)
  await expect(owner.getByText('It has 0 of 2 approvals, so yours doesn’t take effect yet')).toBeVisible()
  await owner.getByRole('combobox', { name: 'For how long' }).selectOption('1440')
  await owner.getByRole('button', { name: 'Approve' }).click()
  await expect(owner.getByRole('heading', { name: '1 of 2 approvals' })).toBeVisible()
  await expect(owner.getByText('You approved it and can still deny it; it needs 1 more approval.')).toBeVisible()
  await expect(owner.getByRole('button', { name: 'Approve' })).toHaveCount(0)
  problems.push(...(await lookBeforeRelease(owner, 'request-approved-once')))

  const theirs = spacePage(asker, stack.webUrl, name)
  await theirs.open()
  await expect(theirs.unknown).toBeVisible()
  await asker.goto(url)
  await expect(asker.getByRole('list', { name: 'Approvals' })).toContainText('Paul Example')
  problems.push(...(await lookBeforeRelease(asker, 'request-own-approved-once', corners)))

  const second = requestPage(admin, stack.webUrl)
  await second.openWaiting(`Editor role in ${name} for 7 days`)
  await expect(admin.getByText('An approval takes effect immediately.')).toBeVisible()
  await second.approve()
  const kubectl = await kubectlFor(asker, name)
  await expect.poll(async () => (await kubectl.run(['create', 'configmap', 'agreed'])).status).toBe(0)
  await theirs.open()
  await expect(asker.getByText(/Your role: editor until .+ \(23 h \d+ min left\)/)).toBeVisible()

  await policy.open()
  await policy.roleDeciders.selectOption('A group')
  await policy.roleGroup.fill('warde')
  const option = admin.getByRole('option', { name: /^wardens/ })
  await expect(option).toBeVisible()
  expect(await policy.sentRoleGroup(), 'part of a group’s name is another group').toEqual(['warde'])
  await option.click()
  await expect.poll(policy.sentRoleGroup).toEqual(['wardens'])
  await expect(policy.roleGroup).toHaveValue('wardens')
  await expect(policy.changes.getByRole('listitem')).toContainText(['the group wardens'])
  await policy.roleApprovals.fill('1')
  await policy.reason.fill('The wardens decide')
  await policy.saveButton.click()
  await expect(policy.history.first()).toContainText('the group wardens')
  await seedRequest(asker, { space: name, role: 'admin', minutes: 60, reason: 'A repair' })
  await first.openInbox()
  await expect(owner.getByRole('heading', { name: 'Nothing is waiting for you' })).toBeVisible()
  const third = requestPage(warden, stack.webUrl)
  await third.openWaiting(`Admin role in ${name} for 1 hour`)
  problems.push(...(await lookBeforeRelease(warden, 'request-of-a-group', corners)))
  await third.approve()
  await spacePage(warden, stack.webUrl, name).open()
  await expect(spacePage(warden, stack.webUrl, name).unknown).toBeVisible()
  await theirs.open()
  await expect(asker.getByText(/Your role: admin until/)).toBeVisible()

  await policy.open()
  await policy.roleDeciders.selectOption('Space owner, and platform admins')
  await policy.reason.fill('As it was')
  await policy.saveButton.click()
  await expect(policy.history.first()).toContainText('As it was')
  expect(problems).toEqual([])
})

test('a group typed before the page’s scripts run stays, and is sent', async ({ as, stack }) => {
  const page = await as('carol')
  const early = await typeEarly(page, 'rules.roleRequests.deciders.group', 'platform-leads')
  const policy = policyPage(page, stack.webUrl)
  await policy.open()
  expect(await early()).toBe(true)
  await expect.poll(policy.sentRoleGroup).toEqual(['platform-leads'])
  await policy.roleDeciders.selectOption('A group')
  await expect(policy.changes.getByRole('listitem')).toContainText(['the group platform-leads'])
  await expect(policy.roleGroup).toHaveValue('platform-leads')
})

test('exempt groups are picked, added as typed and removed, and nothing typed is lost', async ({ as, stack }) => {
  test.setTimeout(120_000)
  await as('petra')
  const admin = await as('carol')
  const policy = policyPage(admin, stack.webUrl)
  await policy.open()
  const groups = admin.getByRole('combobox', { name: 'Exempt groups' })
  const chosen = admin.getByRole('list', { name: 'Exempt groups: chosen' }).getByRole('listitem')
  await groups.fill('warde')
  const option = admin.getByRole('option', { name: /^wardens/ })
  await expect(option).toBeVisible()
  await groups.press('Enter')
  await expect(chosen, 'part of a group’s name is another group').toHaveText(['Remove warde'])
  await groups.press('Backspace')
  await groups.fill('warde')
  await option.click()
  await expect(groups).toHaveValue('')
  await groups.fill('not-yet-signed-in')
  await policy.reason.fill('Two exceptions')
  await policy.saveButton.click()
  await expect(groups).toHaveAccessibleDescription(/Press Enter to choose “not-yet-signed-in”/)
  await expect(groups).toBeFocused()
  await groups.press('Enter')
  await expect(chosen).toHaveText(['Remove wardens', 'Remove not-yet-signed-in'])
  await expect(groups).not.toHaveAccessibleDescription(/Press Enter/)
  await expect(policy.changes.getByRole('listitem')).toContainText([/Exempt groups: .*not-yet-signed-in/])
  expect(await lookBeforeRelease(admin, 'policy-exempt-groups', corners)).toEqual([])
  await policy.saveButton.click()
  await expect(policy.history.first()).toContainText('Two exceptions')
  await policy.open()
  await expect(chosen).toHaveCount(2)
  await groups.press('Backspace')
  await admin.getByRole('button', { name: 'Remove wardens' }).click()
  await expect(groups).toBeFocused()
  await policy.reason.fill('None')
  await policy.saveButton.click()
  await expect(policy.history.first()).toContainText('None')
  await expect(policy.changeCount).toHaveText('No changes')
  await policy.open()
  await expect(chosen).toHaveCount(0)
})

test('sections of the policy and of settings have their headings in a column of 280 px', async ({ as, stack }) => {
  const admin = await as('carol')
  for (const path of ['/admin/policy', '/profile', '/inbox/settings']) {
    await admin.setViewportSize({ width: 1024, height: 900 })
    await admin.goto(`${stack.webUrl}${path}`)
    const rows = admin.locator('.section-row')
    await expect(rows.first()).toBeVisible()
    const widths = () =>
      rows.evaluateAll((all) => all.map((one) => one.firstElementChild?.getBoundingClientRect().width))
    expect(new Set(await widths()), path).toEqual(new Set([280]))
    await admin.setViewportSize({ width: 390, height: 844 })
    expect(new Set(await widths()), `${path} on a phone`).toEqual(new Set([358]))
  }
})
