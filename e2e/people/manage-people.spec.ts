import type { Page } from '@playwright/test'
import { uniqueName } from '#dev/testing/fixtures/unique-name.ts'
import { lookBeforeRelease } from '#e2e/fixtures/look.ts'
import { expect, test } from '#e2e/fixtures/test.ts'
import { signIn } from '#e2e/models/sign-in.ts'

test('an admin finds, deactivates and reactivates a person, who loses and regains access', async ({
  as,
  browser,
  stack,
  kubectlFor,
  seedSpace,
}) => {
  test.setTimeout(240_000)
  const problems: string[] = []
  const departingUser = await as('leila')
  const name = uniqueName('left')
  await seedSpace(departingUser, { name })
  const mine = await kubectlFor(departingUser, name)
  await mine.ok(['create', 'configmap', 'one'])
  const watching = mine.start(['get', 'configmaps', '-w'])
  await expect.poll(watching.output).toContain('one')

  const admin = await as('carol')
  await admin.goto(stack.webUrl)
  await admin.getByRole('navigation', { name: 'Administration' }).getByRole('link', { name: 'People' }).click()
  await expect(admin.getByRole('heading', { level: 1, name: 'People' })).toBeVisible()
  problems.push(...(await lookBeforeRelease(admin, 'admin-people')))
  await admin.getByLabel('Search').fill('leila')
  await expect(admin.getByRole('table', { name: 'People' }).getByRole('rowheader')).toHaveCount(1)
  await admin.getByRole('link', { name: 'Leila Example' }).click()
  await expect(admin.getByRole('heading', { level: 1, name: 'Leila Example' })).toBeVisible()
  problems.push(...(await lookBeforeRelease(admin, 'admin-person')))
  const colours = await admin
    .getByRole('main')
    .getByRole('button')
    .evaluateAll((buttons) => buttons.map((button) => [button.textContent, getComputedStyle(button).color] as const))
  const red = colours.find(([text]) => text === 'Offboard')?.[1]
  expect(colours.filter(([, colour]) => colour === red).map(([text]) => text)).toEqual(['Offboard'])
  await admin.getByRole('link', { name: '1 owned space, 1 active credential' }).click()
  await expect(admin.getByRole('table', { name: 'Access of the person' })).toContainText(name)
  await admin
    .getByRole('navigation', { name: 'Views of Leila Example' })
    .getByRole('link', { name: 'Overview' })
    .click()

  await admin.getByRole('button', { name: 'Deactivate' }).click()
  const dialog = admin.getByRole('dialog')
  await expect(dialog).toContainText(/[1-9]\d* credentials? /)
  problems.push(...(await lookBeforeRelease(admin, 'admin-person-deactivate')))
  await dialog.getByRole('button', { name: 'Deactivate' }).click()
  await expect(dialog).toContainText('Fill this in.')
  await dialog.getByRole('textbox', { name: 'Reason' }).fill('Left the company')
  await dialog.getByRole('button', { name: 'Deactivate' }).click()
  await expect(admin.getByText('This person is deactivated')).toBeVisible()
  await expect(admin.getByText('Left the company')).toBeVisible()
  problems.push(...(await lookBeforeRelease(admin, 'admin-person-deactivated')))

  await watching.ended
  expect((await mine.run(['get', 'configmaps'])).status).not.toBe(0)
  await departingUser.goto(stack.webUrl)
  await expect(departingUser.getByRole('button', { name: 'Sign in', exact: true })).toBeVisible()
  await departingUser.getByRole('button', { name: 'Sign in', exact: true }).click()
  await expect(departingUser.getByText('Your account is deactivated')).toBeVisible()

  await admin.getByRole('button', { name: 'Reactivate' }).click()
  await dialog.getByRole('textbox', { name: 'Reason' }).fill('Came back')
  await dialog.getByRole('button', { name: 'Reactivate' }).click()
  await expect(admin.getByText('This person is deactivated')).toHaveCount(0)
  const context = await browser.newContext()
  const again = await context.newPage()
  await signIn(again, stack.webUrl, { username: 'leila', password: 'leila' })
  await expect(again.getByRole('link', { name })).toBeVisible()
  await context.close()
  expect((await mine.run(['get', 'configmaps'])).status).not.toBe(0)
  expect(problems).toEqual([])
})

test('credentials are revoked by selection and by filter; members see neither page, auditors no button', async ({
  as,
  stack,
  kubectlFor,
  seedSpace,
}) => {
  test.setTimeout(240_000)
  const problems: string[] = []
  const member = await as('liam')
  const name = uniqueName('held')
  await seedSpace(member, { name })
  const [one, two, three] = [
    await kubectlFor(member, name),
    await kubectlFor(member, name),
    await kubectlFor(member, name),
  ]
  for (const path of ['/admin', '/admin/people', '/admin/credentials', '/admin/people/anybody-000000']) {
    await member.goto(`${stack.webUrl}${path}`)
    await expect(member.getByText('Only auditors and platform admins can see this page')).toBeVisible()
  }
  const auditor = await as('dave')
  await auditor.goto(`${stack.webUrl}/admin/credentials?space=${name}`)
  const listed = (page: Page) => page.getByRole('table', { name: 'All credentials' }).getByRole('rowheader')
  await expect(listed(auditor)).toHaveCount(3)
  await auditor.goto(`${stack.webUrl}/admin/credentials`)
  // Auditors aren’t members, so the space is no option.
  await auditor.getByRole('combobox', { name: 'Space' }).fill(name)
  await auditor.getByRole('combobox', { name: 'Space' }).press('Enter')
  await auditor.waitForURL(new RegExp(`space=${name}`))
  await expect(listed(auditor)).toHaveCount(3)
  await expect(auditor.getByRole('checkbox')).toHaveCount(0)
  await expect(auditor.getByRole('button', { name: /Revoke/ })).toHaveCount(0)

  const admin = await as('carol')
  await admin.goto(`${stack.webUrl}/admin/credentials?space=${name}`)
  await admin.getByRole('checkbox').last().check()
  problems.push(...(await lookBeforeRelease(admin, 'admin-credentials')))
  await admin.getByRole('button', { name: 'Revoke selected' }).click()
  const dialog = admin.getByRole('dialog')
  await expect(dialog).toContainText('Revoke 1 credential?')
  await dialog.getByRole('textbox', { name: 'Reason' }).fill('A lost laptop')
  await dialog.getByRole('button', { name: 'Revoke selected' }).click()
  await expect(listed(admin)).toHaveCount(2)
  expect((await one.run(['get', 'pods'])).status).not.toBe(0)
  expect((await two.run(['get', 'pods'])).status).toBe(0)
  await admin.getByRole('button', { name: 'Revoke all that match' }).click()
  await expect(dialog).toContainText('Revoke 2 credentials?')
  await dialog.getByRole('textbox', { name: 'Reason' }).fill('A lost laptop')
  await dialog.getByRole('button', { name: 'Revoke all that match' }).click()
  await expect(admin.getByText('No matching credentials').first()).toBeVisible()
  for (const kubectl of [two, three]) expect((await kubectl.run(['get', 'pods'])).status).not.toBe(0)
  expect(problems).toEqual([])
})

test('an admin removes a person’s role on their page, which ends their access', async ({
  as,
  stack,
  kubectlFor,
  seedSpace,
  sql,
}) => {
  const [owner, member, admin] = [await as('lilja'), await as('liam'), await as('carol')]
  const name = uniqueName('lost')
  await seedSpace(owner, { name, members: [{ principal: 'liam@example.com', role: 'editor' }] })
  const mine = await kubectlFor(member, name)
  await expect.poll(async () => (await mine.run(['get', 'pods'])).status).toBe(0)
  const [liam] = await sql(`SELECT handle FROM user_account WHERE name = 'Liam Example'`)
  await admin.goto(`${stack.webUrl}/admin/people/${liam?.handle}/access`)
  await admin.getByRole('button', { name: `Remove the editor role in ${name}` }).click()
  const dialog = admin.getByRole('dialog')
  await dialog.getByRole('textbox', { name: 'Reason' }).fill('Moved to another team')
  await dialog.getByRole('button', { name: 'Remove', exact: true }).click()
  await expect(dialog).toHaveCount(0)
  await expect(admin.getByRole('table', { name: 'Access of the person' }).getByRole('row', { name })).toHaveCount(0)
  await expect.poll(async () => (await mine.run(['get', 'pods'])).status).not.toBe(0)
})

test('a person signs out everywhere else, and revokes several kubeconfigs at once', async ({
  as,
  browser,
  stack,
  kubectlFor,
  seedSpace,
}) => {
  test.setTimeout(240_000)
  const problems: string[] = []
  const person = await as('liam')
  const name = uniqueName('own')
  await seedSpace(person, { name })
  const [one, two] = [await kubectlFor(person, name), await kubectlFor(person, name)]
  const context = await browser.newContext()
  const elsewhere = await context.newPage()
  await signIn(elsewhere, stack.webUrl, { username: 'liam', password: 'liam' })
  await person.goto(`${stack.webUrl}/profile`)
  problems.push(...(await lookBeforeRelease(person, 'profile-sessions')))
  await person.getByRole('button', { name: 'Sign out everywhere else' }).click()
  await person.getByRole('dialog').getByRole('button', { name: 'Sign out everywhere else' }).click()
  await expect(person.getByText('Another browser')).toHaveCount(0)
  await elsewhere.goto(`${stack.webUrl}/profile`)
  await expect(elsewhere.getByRole('button', { name: 'Sign in', exact: true })).toBeVisible()
  await context.close()

  await person.goto(`${stack.webUrl}/credentials`)
  const boxes = person.getByRole('checkbox', { name: new RegExp(name) })
  await expect(boxes).toHaveCount(2)
  for (const box of await boxes.all()) await box.check()
  problems.push(...(await lookBeforeRelease(person, 'credentials-selected')))
  await person.getByText(/^Expired and revoked \(/).click()
  problems.push(...(await lookBeforeRelease(person, 'credentials-past')))
  await person.getByRole('button', { name: 'Revoke selected' }).click()
  await expect(person.getByRole('dialog').getByText(new RegExp(`^for ${name}, spt_[\\w-]{6}$`))).toHaveCount(2)
  await person.getByRole('dialog').getByRole('button', { name: 'Revoke selected' }).click()
  await expect(boxes).toHaveCount(0)
  for (const kubectl of [one, two]) expect((await kubectl.run(['get', 'pods'])).status).not.toBe(0)
  expect(problems).toEqual([])
})
