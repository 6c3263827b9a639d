import { uniqueName } from '#dev/testing/fixtures/unique-name.ts'
import { deployment } from '#e2e/fixtures/deployment.ts'
import { inThreeDays } from '#e2e/fixtures/in-three-days.ts'
import { lookBeforeRelease } from '#e2e/fixtures/look.ts'
import { recordAction } from '#e2e/fixtures/recorded-action.ts'
import { expect, test } from '#e2e/fixtures/test.ts'
import { accessPage } from '#e2e/models/access-page.ts'
import { fillDate } from '#e2e/models/date-field.ts'
import { spacePage } from '#e2e/models/space-page.ts'

test('a viewer reads, an editor works until a date, and removing a member cuts their stream', async ({
  as,
  stack,
  kubectlFor,
  seedSpace,
}) => {
  test.setTimeout(150_000)
  const [owner, friend] = [await as('anna'), await as('ben')]
  const name = uniqueName('shared')
  await seedSpace(owner, { name })
  const access = accessPage(owner, stack.webUrl, name)
  await access.open()
  await access.addSuggested({ who: 'Ben', role: 'viewer' }, /Ben Example/)
  await expect(access.members.getByRole('row', { name: /Ben Example/ })).toContainText('Viewer')

  await friend.goto(stack.webUrl)
  await friend.getByRole('link', { name, exact: true }).click()
  await expect(friend.getByRole('heading', { level: 1, name })).toBeVisible()
  const theirs = await kubectlFor(friend, name)
  await expect.poll(async () => (await theirs.run(['get', 'pods'])).status).toBe(0)
  const refused = await theirs.run(['create', 'deployment', 'x', '--image=x'])
  expect(refused.stderr).toMatch(/forbidden/i)
  expect((await theirs.run(['get', 'secrets'])).stderr).toMatch(/forbidden/i)

  await access.open()
  await access.change({ who: 'Ben Example', role: 'editor', lastDay: inThreeDays() })
  await expect(access.members.getByRole('row', { name: /Ben Example/ })).toContainText('Editor')
  await expect(access.members.getByRole('row', { name: /Ben Example/ })).not.toContainText('No end')
  // The same file: access belongs to the person, not the kubeconfig.
  await expect
    .poll(async () => (await theirs.run(['apply', '-f', '-'], { input: deployment('work') })).status, {
      timeout: 15_000,
    })
    .toBe(0)
  await theirs.ok(['rollout', 'status', 'deployment/work', '--timeout=40s'])
  const pod = (await theirs.ok(['get', 'pods', '-o', 'name'])).trim()

  const watching = theirs.start(['get', 'pods', '-w'])
  const inside = theirs.start(['exec', pod, '--', 'sh', '-c', 'echo begun; sleep 300'])
  await expect.poll(watching.output).toContain('work-')
  await expect.poll(inside.output).toContain('begun')
  await access.open()
  await access.remove('Ben Example')
  const ends = await Promise.all([watching.ended, inside.ended])
  expect(ends[1].status).not.toBe(0)
  expect((await theirs.run(['get', 'pods'])).status).not.toBe(0)
  await friend.goto(`${stack.webUrl}/spaces/${name}`)
  await expect(spacePage(friend, stack.webUrl, name).unknown).toBeVisible()
})

test('an admin with an end date can’t bind roles, as the page says; without one they can', async ({
  as,
  stack,
  kubectlFor,
  seedSpace,
}) => {
  const [owner, friend] = [await as('tess'), await as('ben')]
  const name = uniqueName('lent')
  await seedSpace(owner, { name })
  const access = accessPage(owner, stack.webUrl, name)
  await access.open()
  await access.addSuggested({ who: 'Ben', role: 'admin', lastDay: inThreeDays() }, /Ben Example/)
  const row = access.members.getByRole('row', { name: /Ben Example/ })
  await expect(row).toContainText(
    'Because this role has an end date, it can’t manage Roles or RoleBindings on the cluster.',
  )
  const theirs = await kubectlFor(friend, name)
  const bind = ['create', 'rolebinding', 'kept', '--clusterrole=spaceport:editor', `--serviceaccount=${name}:robot`]
  expect((await theirs.run(bind)).stderr).toContain('your role has an end date')

  await access.change({ who: 'Ben Example', role: 'admin', lastDay: '' })
  await expect(row).toContainText('No end')
  await expect(row).not.toContainText('RoleBindings')
  await expect.poll(async () => (await theirs.run(bind)).status, { timeout: 15_000 }).toBe(0)
})

test('a group’s role applies to its members, including those who join at a later sign-in, and to no one else', async ({
  as,
  browser,
  stack,
  kubectlFor,
  sessionOf,
  seedSpace,
}) => {
  const owner = await as('anna')
  const member = await as('ben')
  const name = uniqueName('group')
  await seedSpace(owner, { name })
  const access = accessPage(owner, stack.webUrl, name)
  await access.open()
  await access.add({ who: 'group:team-green', role: 'editor' })
  await expect(access.members.getByRole('row', { name: /team-green/ })).toContainText('Editor')
  const theirs = await kubectlFor(member, name)
  await expect.poll(async () => (await theirs.run(['create', 'configmap', 'by-group'])).status).toBe(0)

  const outsider = await as('erin')
  await outsider.goto(`${stack.webUrl}/spaces/${name}`)
  await expect(spacePage(outsider, stack.webUrl, name).unknown).toBeVisible()

  // No one in that group has ever signed in.
  await access.open()
  await access.add({ who: 'group:team-gold', role: 'viewer' })
  const context = await browser.newContext({ storageState: await sessionOf('gwen') })
  const late = await context.newPage()
  await late.goto(stack.webUrl)
  await expect(late.getByRole('link', { name, exact: true })).toBeVisible()
  const hers = await kubectlFor(late, name)
  await expect.poll(async () => (await hers.run(['get', 'configmaps'])).status).toBe(0)
  await context.close()
})

test('a former provider’s group is shown with the provider, and can be removed without affecting its namesake', async ({
  as,
  stack,
  sql,
  seedSpace,
}) => {
  const owner = await as('anna')
  const name = uniqueName('former')
  await seedSpace(owner, { name })
  await sql(
    `INSERT INTO space_grant (id, space_id, "group", group_issuer, role, starts_at)
     SELECT gen_random_uuid(), id, 'team-green', 'https://old.example.com', 'viewer', now() FROM space WHERE name = $1`,
    [name],
  )
  const access = accessPage(owner, stack.webUrl, name)
  await access.open()
  await access.add({ who: 'group:team-green', role: 'editor' })
  const former = access.members.getByRole('row', { name: /team-green \(of https:\/\/old\.example\.com\)/ })
  await expect(former).toContainText('Viewer')
  await expect(access.members.getByRole('row', { name: /team-green/ })).toHaveCount(2)
  await access.remove('group team-green (of https://old.example.com)')
  await expect(former).toHaveCount(0)
  await expect(access.members.getByRole('row', { name: /team-green/ })).toContainText('Editor')
})

test('a typed name is added even if Add is pressed immediately, and the page shows who was added', async ({
  as,
  stack,
  sql,
  seedSpace,
}) => {
  test.setTimeout(120_000)
  const owner = await as('nils')
  await as('ben')
  const [ben] = await sql(`SELECT handle FROM user_account WHERE email = 'ben@example.com'`)
  const handle = String(ben?.handle)
  const name = uniqueName('typed')
  await seedSpace(owner, { name })
  const access = accessPage(owner, stack.webUrl, name)
  await access.open()
  for (const [who, member, toast] of [
    ['ben', 'Ben Example', `Added Ben Example (${handle})`],
    ['BEN@example.com', 'Ben Example', `Added Ben Example (${handle})`],
    ['ben example', 'Ben Example', `Added Ben Example (${handle})`],
    [handle, 'Ben Example', `Added Ben Example (${handle})`],
    [`user:${handle}`, 'Ben Example', `Added Ben Example (${handle})`],
    ['team-green', 'group team-green', 'Added the group team-green'],
    ['group:team-green', 'group team-green', 'Added the group team-green'],
  ] as const) {
    // The pointer keeps the toast open until it is dismissed, and the next round looks for the same text.
    await Promise.all([access.add({ who, role: 'viewer' }), owner.getByText(toast).hover()])
    await owner.getByRole('button', { name: 'Dismiss' }).last().click()
    await expect(owner.getByText(toast)).toHaveCount(0)
    await access.remove(member)
    await expect(owner.getByRole('button', { name: `Remove ${member}` })).toHaveCount(0)
  }
})

test('the match for a text is shown before Add, and Add waits for the lookup', async ({ as, stack, seedSpace }) => {
  const owner = await as('nils')
  await as('ben')
  const name = uniqueName('shown')
  await seedSpace(owner, { name })
  await accessPage(owner, stack.webUrl, name).open()
  await owner.getByRole('button', { name: 'Add member' }).click()
  const dialog = owner.getByRole('dialog')
  const who = dialog.getByRole('combobox', { name: 'Person or group' })
  const add = dialog.getByRole('button', { name: 'Add', exact: true })

  await who.fill('ben@example.com')
  await expect(who).toHaveAccessibleDescription(/Ben Example, ben@example\.com, ben-[0-9a-f]{6}/)
  await who.fill('team-gree')
  await expect(who).toHaveAccessibleDescription(/Group team-green, \d (person has|people have) signed in/)
  await who.fill('nobody-at-all')
  await expect(who).toHaveAccessibleDescription(/No one called “nobody-at-all” has signed in yet/)
  await add.click()
  await expect(who).toHaveAccessibleDescription(/^No one with the handle “nobody-at-all” has signed in/)
  await expect(who).toBeFocused()
  await expect(dialog.getByText('nobody-at-all'), 'said once').toHaveCount(1)
  await owner.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  const copy = dialog.getByRole('button', { name: 'Copy an invitation link' })
  // Shown for two seconds only.
  await copy.evaluate((button) =>
    new MutationObserver(() => {
      if (button.textContent?.endsWith('Copied')) button.setAttribute('data-said', '')
    }).observe(button, { childList: true, subtree: true, characterData: true }),
  )
  await copy.click()
  await expect(copy).toHaveAttribute('data-said', '')
  expect(await owner.evaluate(() => navigator.clipboard.readText())).toBe(`${stack.webUrl}/requests/new?space=${name}`)
  await who.fill('unknown-perso')
  await expect(who, 'a message about one text doesn’t stay for the next').not.toHaveAttribute('aria-invalid')

  const held = Promise.withResolvers<void>()
  await owner.route('**/access', async (route) => {
    if (route.request().method() === 'POST') await held.promise
    await route.continue()
  })
  // Not an exact match, only the single result, and not shown yet, so it asks first.
  await who.fill('Ben Exampl')
  await add.click()
  await expect(add).toHaveAttribute('aria-busy', 'true')
  held.resolve()
  await expect(who).toHaveAccessibleDescription(/Did you mean Ben Example, ben@example\.com, ben-[0-9a-f]{6}\?/)
  await expect(who).toBeFocused()
  await expect(owner.getByRole('row', { name: /Ben Example/ })).toHaveCount(0)
  await add.click()
  await expect(dialog).toHaveCount(0)
  await expect(owner.getByRole('row', { name: /Ben Example/ })).toContainText('Viewer')
})

test('one of several namesakes can be chosen by mouse or keyboard', async ({ as, stack, sql, seedSpace }) => {
  const owner = await as('nils')
  const called = `Kim ${uniqueName('twin')}`
  const twins = [uniqueName('kim'), uniqueName('kim')].sort()
  for (const handle of twins)
    await sql(
      `INSERT INTO user_account (id, issuer, subject, handle, name, email)
       VALUES (gen_random_uuid(), 'https://issuer.test', $1, $1, $2, $1 || '@example.com')`,
      [handle, called],
    )
  const name = uniqueName('twins')
  await seedSpace(owner, { name })
  await accessPage(owner, stack.webUrl, name).open()
  const dialog = owner.getByRole('dialog')
  const who = dialog.getByRole('combobox', { name: 'Person or group' })
  const suggested = dialog.getByRole('listbox', { name: 'Person or group' }).getByRole('option')
  const chosen = dialog.getByRole('list', { name: 'Person or group: chosen' })
  const add = dialog.getByRole('button', { name: 'Add', exact: true })
  const members = owner.getByRole('table', { name: 'Members' })

  await owner.getByRole('button', { name: 'Add member' }).click()
  await who.fill(called)
  // What they say about the text moves the button.
  await expect(suggested).toHaveCount(2)
  await add.click()
  await expect(who).toHaveAccessibleDescription(new RegExp(`“${called}” matches more than one`))
  await expect(who).toBeFocused()
  await suggested.filter({ hasText: twins[0] ?? '' }).click()
  await expect(chosen).toHaveText(`Remove ${called}`)
  await expect(chosen.getByRole('button')).toHaveAttribute(
    'title',
    new RegExp(`${twins[0]}@example\\.com, ${twins[0]}`),
  )
  await add.click()
  await expect(dialog).toHaveCount(0)
  await expect(members).toContainText(`${twins[0]}@example.com`)

  await owner.getByRole('button', { name: 'Add member' }).click()
  await who.fill(called)
  await expect(suggested).toHaveCount(2)
  await expect(suggested.filter({ hasText: twins[0] ?? '' }), 'existing members').toContainText('Already viewer')
  await expect(suggested.filter({ hasText: twins[1] ?? '' })).not.toContainText('Already')
  await who.press('ArrowDown')
  await who.press('ArrowDown')
  await who.press('Enter')
  await expect(chosen.getByRole('button')).toHaveAttribute('title', new RegExp(String(twins[1])))
  await expect(who).toBeFocused()
  await who.press('Enter')
  await expect(dialog).toHaveCount(0)
  await expect(members).toContainText(`${twins[1]}@example.com`)
})

test('several people and a group are added in one dialog, as viewers for 30 days unless changed', async ({
  as,
  stack,
  seedSpace,
}) => {
  test.setTimeout(120_000)
  const owner = await as('tess')
  await Promise.all(['ben', 'erin', 'nils'].map((person) => as(person)))
  const name = uniqueName('crowd')
  await seedSpace(owner, { name })
  const access = accessPage(owner, stack.webUrl, name)
  await access.open()
  await access.startAdding()
  const { who, suggested, chosen } = access
  const dialog = owner.getByRole('dialog')

  for (const person of ['ben@example.com', 'nils@example.com', 'erin@example.com']) {
    await who.fill(person)
    await suggested.click()
    await expect(who).toBeFocused()
  }
  await expect(chosen).toHaveText(['Remove Ben Example', 'Remove Nils Example', 'Remove Erin Example'])
  await who.press('Backspace')
  await expect(chosen).toHaveText(['Remove Ben Example', 'Remove Nils Example'])
  await dialog.getByRole('button', { name: 'Remove Ben Example' }).click()
  await expect(chosen).toHaveText(['Remove Nils Example'])
  await expect(who).toBeFocused()
  for (const person of ['ben@example.com', 'group:team-green']) {
    await who.fill(person)
    await expect(suggested.first()).toBeVisible()
    await who.press('ArrowDown')
    await who.press('Enter')
  }
  await expect(chosen).toHaveText(['Remove Nils Example', 'Remove Ben Example', 'Remove team-green'])
  // Enter adds a chip even before the match is shown, and never sends the form while there is text.
  await dialog.getByRole('button', { name: 'Remove Nils Example' }).click()
  await who.fill('nils@example.com')
  await who.press('Enter')
  await expect(chosen).toHaveText(['Remove Ben Example', 'Remove team-green', 'Remove Nils Example'])
  await who.fill('nobody-at-all')
  await who.press('Enter')
  await expect(dialog).toContainText('No one called “nobody-at-all” has signed in yet')
  await expect(chosen).toHaveCount(3)
  await who.fill('')
  await expect(dialog.getByRole('combobox', { name: 'Role' })).toHaveValue('viewer')
  await expect(dialog.getByRole('button', { name: '30 days' })).toHaveAttribute('aria-pressed', 'true')
  const problems = await lookBeforeRelease(owner, 'add-several-members')
  // The last one stays typed.
  await who.fill('erin@example.com')
  await dialog.getByRole('button', { name: 'Add', exact: true }).click()
  await expect(dialog).toHaveCount(0)
  await expect(owner.getByText('Added 4 members. They can use the space now.')).toBeVisible()
  for (const member of [/Ben Example/, /Nils Example/, /Erin Example/, /team-green/]) {
    const row = access.members.getByRole('row', { name: member })
    await expect(row).toContainText('Viewer')
    await expect(row).not.toContainText('No end')
  }
  expect(problems).toEqual([])
})

test('one who can’t be added stays in the dialog with the reason, and the others are added', async ({
  as,
  stack,
  sql,
  seedSpace,
}) => {
  const owner = await as('thea')
  await Promise.all(['ben', 'erin', 'nils'].map((person) => as(person)))
  const [erin] = await sql(`SELECT handle FROM user_account WHERE email = 'erin@example.com'`)
  const handle = String(erin?.handle)
  const name = uniqueName('most')
  await seedSpace(owner, { name, members: [{ principal: 'erin@example.com', role: 'editor' }] })
  const access = accessPage(owner, stack.webUrl, name)
  await access.open()
  await access.startAdding()
  const { who, suggested, chosen } = access
  const dialog = owner.getByRole('dialog')
  const add = dialog.getByRole('button', { name: 'Add', exact: true })
  for (const person of ['ben@example.com', 'erin@example.com']) {
    await who.fill(person)
    await suggested.click()
  }
  await who.fill('nils@example.com')
  await add.click()
  await expect(who).toHaveAccessibleDescription(
    new RegExp(`^Added 2 of 3\\. ${handle}: They already have a role here\\. Change that one instead\\.`),
  )
  await expect(who).toBeFocused()
  await expect(who).toHaveValue('')
  await expect(chosen).toHaveText(['Remove Erin Example'])
  const problems = await lookBeforeRelease(owner, 'add-several-members-refused')
  await dialog.getByRole('button', { name: 'Cancel' }).click()
  for (const [member, role] of [
    [/Ben Example/, 'Viewer'],
    [/Nils Example/, 'Viewer'],
    [/Erin Example/, 'Editor'],
  ] as const)
    await expect(access.members.getByRole('row', { name: member })).toContainText(role)

  // An error about the whole form adds no one.
  await access.remove('Ben Example')
  await access.remove('Nils Example')
  await owner.getByRole('button', { name: 'Add member' }).click()
  for (const person of ['ben@example.com', 'nils@example.com']) {
    await who.fill(person)
    await suggested.click()
  }
  await fillDate(dialog.getByLabel('Ends'), '2020-01-31')
  await add.click()
  await expect(dialog.getByLabel('Ends')).toHaveAccessibleDescription(/must be in the future/)
  await expect(who).not.toHaveAttribute('aria-invalid')
  await expect(chosen).toHaveCount(2)
  await dialog.getByRole('button', { name: 'Cancel' }).click()
  await expect(access.members.getByRole('row', { name: /Ben Example|Nils Example/ })).toHaveCount(0)
  expect(problems).toEqual([])
})

test('a forged form adds no more than the dialog could', async ({ as, stack, sql, seedSpace }) => {
  const owner = await as('thea')
  const viewer = await as('ben')
  const name = uniqueName('crammed')
  await seedSpace(owner, { name, members: [{ principal: 'group:team-green', role: 'viewer' }] })
  await accessPage(owner, stack.webUrl, name).open()
  await owner.getByRole('button', { name: 'Add member' }).click()
  const dialog = owner.getByRole('dialog')
  const picked = 'group:forged-team'
  await dialog.getByRole('combobox', { name: 'Person or group' }).fill(picked)
  await dialog.getByRole('option', { name: 'forged-team' }).click()
  const recorded = await recordAction(owner, () => dialog.getByRole('button', { name: 'Add', exact: true }).click())
  const groups = (count: number) => Array.from({ length: count }, (_, at) => `group:forged-${at}`).join('\r\n')
  const text = async (to: string) => (await recorded.replay({ replace: [[picked, to]] })).text

  expect(await text(groups(10_000))).toContain('At most 50 people and groups at once.')
  expect(await text(`group:forged-a\r\ngroup:forged-\u0007`)).toContain('"code":"bad_input"')
  expect(await text('x'.repeat(200_000))).toContain('"code":"bad_input"')
  expect((await recorded.replay({ addField: ['principal.picked', 'group:forged-b'] })).text).toContain('more than once')
  const cookies = (await viewer.context().cookies()).map((cookie) => `${cookie.name}=${cookie.value}`).join('; ')
  const asViewer = await recorded.replay({ headers: { cookie: cookies } })
  expect(asViewer.text).toMatch(/"code":"(forbidden|not_found)"/)
  expect(asViewer.text).not.toContain('"status":"ok"')
  expect(
    await sql('SELECT g."group" FROM space_grant g JOIN space s ON s.id = g.space_id WHERE s.name = $1', [name]),
  ).toEqual([{ group: 'team-green' }])
})
