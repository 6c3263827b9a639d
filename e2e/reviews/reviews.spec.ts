import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { uniqueName } from '#dev/testing/fixtures/unique-name.ts'
import { corners, lookBeforeRelease } from '#e2e/fixtures/look.ts'
import { expect, test } from '#e2e/fixtures/test.ts'
import { accessPage } from '#e2e/models/access-page.ts'

test('in a manual review an owner keeps, revokes and lowers roles, the rest is revoked at the end, and the report proves it', async ({
  as,
  stack,
  kubectlFor,
  admin: cluster,
  sql,
  seedSpace,
}) => {
  test.setTimeout(300_000)
  const problems: string[] = []
  const [owner, revoked, forgotten, admin, auditor] = [
    await as('rhea'),
    await as('rolf'),
    await as('rosa'),
    await as('carol'),
    await as('dave'),
  ]
  // People who have never signed in can't be added.
  await as('remy')
  const name = uniqueName('reviewed')
  await seedSpace(owner, {
    name,
    members: [
      { principal: 'rolf@example.com', role: 'editor' },
      { principal: 'rosa@example.com', role: 'viewer' },
      { principal: 'remy@example.com', role: 'admin' },
      { principal: 'group:platform-admins', role: 'viewer' },
    ],
  })
  await cluster.ok(['create', 'rolebinding', 'contractors', '-n', name, '--clusterrole=view', '--group=contractors'])
  const theirs = await kubectlFor(revoked, name)
  await expect.poll(async () => (await theirs.run(['get', 'pods'])).status).toBe(0)
  const watching = theirs.start(['get', 'configmaps', '-w'])
  await expect.poll(watching.output).toContain('kube-root-ca')
  const last = await kubectlFor(forgotten, name)
  await expect.poll(async () => (await last.run(['get', 'pods'])).status).toBe(0)

  // Only platform admins can start one.
  await owner.goto(`${stack.webUrl}/admin/reviews`)
  await expect(owner.getByRole('button', { name: 'Start review' })).toHaveCount(0)
  await auditor.goto(`${stack.webUrl}/admin/reviews`)
  await expect(auditor.getByRole('heading', { level: 1, name: 'Reviews' })).toBeVisible()
  await expect(auditor.getByRole('button', { name: 'Start review' })).toHaveCount(0)

  await admin.goto(`${stack.webUrl}/admin/reviews`)
  await admin.getByRole('button', { name: 'Change schedule' }).click()
  problems.push(...(await lookBeforeRelease(admin, 'reviews-schedule', corners)))
  await admin.getByRole('button', { name: 'Cancel' }).click()
  await admin.getByRole('button', { name: 'Start review' }).click()
  const form = admin.getByRole('dialog')
  const title = `Review of ${name}`
  await form.getByRole('textbox', { name: 'Name' }).fill(title)
  await form.getByText('Only some spaces, people or roles').click()
  const spaces = form.getByRole('combobox', { name: 'Only these spaces' })
  await spaces.fill('no-such-space')
  await form.getByRole('radio', { name: /Is revoked/ }).check()
  problems.push(...(await lookBeforeRelease(admin, 'reviews-start', corners)))
  await form.getByText('Only some spaces, people or roles').click()
  await form.getByRole('button', { name: 'Start review' }).click()
  // Input is kept, and the field with the error is visible.
  await expect(form.getByText('No space is called no-such-space.')).toBeVisible()
  await expect(form.getByRole('textbox', { name: 'Name' })).toHaveValue(title)
  await spaces.fill(name)
  await form.getByRole('option', { name }).click()
  await expect(form.getByRole('list', { name: 'Only these spaces: chosen' })).toHaveText(`Remove ${name}`)
  await form.getByRole('button', { name: 'Start review' }).click()
  await expect(admin.getByRole('heading', { level: 1, name: title })).toBeVisible()
  await expect(admin.getByRole('status').filter({ hasText: 'Open' })).toBeVisible({ timeout: 60_000 })
  // The cluster's other bindings arrive a moment later.
  await expect(async () => {
    await admin.reload()
    await expect(admin.getByText('Not made by Spaceport')).toBeVisible({ timeout: 2_000 })
  }).toPass({ timeout: 60_000 })
  // Their own access, through a group, isn't theirs to decide.
  await expect(admin.getByText('Your own access: someone else decides.')).toBeVisible()
  problems.push(...(await lookBeforeRelease(admin, 'review-admin')))

  await owner.goto(`${stack.webUrl}/inbox`)
  await expect(owner.getByRole('main').getByText(`“${title}”`)).toHaveCount(1)
  await owner.getByRole('link', { name: 'Review access' }).click()
  await expect(owner.getByRole('heading', { level: 1, name: title })).toBeVisible()
  const lines = owner.getByRole('table', { name: 'Lines of the review' })
  await expect(lines.getByRole('rowheader')).toHaveCount(5)
  await expect(owner.getByRole('table', { name: 'Reviewers' })).toHaveCount(0)
  problems.push(...(await lookBeforeRelease(owner, 'review-owner')))
  await owner.getByRole('searchbox', { name: 'Search' }).pressSequentially('no such person')
  await expect(owner.getByText('No lines match this filter.')).toBeVisible()
  await expect(owner.getByRole('searchbox', { name: 'Search' })).toBeFocused()
  await owner.getByRole('link', { name: 'Clear filters' }).click()
  await expect(lines.getByRole('rowheader')).toHaveCount(5)

  await owner.getByRole('button', { name: 'Keep platform-admins' }).click()
  await expect(lines.getByRole('rowheader')).toHaveCount(4)
  await owner.getByRole('button', { name: `Revoke Rolf Example in ${name}` }).click()
  const dialog = owner.getByRole('dialog')
  await dialog.getByRole('button', { name: 'Revoke' }).click()
  await expect(dialog.getByText('Give a reason, in a few words.')).toBeVisible()
  problems.push(...(await lookBeforeRelease(owner, 'review-revoke', corners)))
  await dialog.getByRole('textbox', { name: 'Reason' }).fill('Moved to another team')
  await dialog.getByRole('button', { name: 'Revoke' }).click()
  await expect(dialog).toHaveCount(0)
  await watching.ended
  await expect.poll(async () => (await theirs.run(['get', 'pods'])).status).not.toBe(0)

  await owner.getByRole('checkbox', { name: `Select Remy Example in ${name}` }).check()
  await owner.getByRole('button', { name: 'Lower role', exact: true }).click()
  await dialog.getByLabel('New role').selectOption('viewer')
  await dialog.getByRole('textbox', { name: 'Reason' }).fill('Looks only')
  await dialog.getByRole('button', { name: 'Lower role' }).click()
  await expect(dialog).toHaveCount(0)
  await owner.getByRole('button', { name: `Flag contractors in ${name}` }).click()
  await expect(dialog).toContainText(`kubectl delete -n ${name} --ignore-not-found rolebinding/contractors`)
  await dialog.getByRole('textbox', { name: 'Reason' }).fill('The project is over')
  await dialog.getByRole('button', { name: 'Flag' }).click()
  await expect(lines.getByRole('rowheader')).toHaveCount(1)
  const access = accessPage(owner, stack.webUrl, name)
  await access.open()
  await expect(owner.getByRole('row', { name: /Remy Example/ })).toContainText(/viewer/i)

  await auditor.goto(admin.url())
  await expect(auditor.getByText('4 of 5 decided')).toBeVisible()
  await expect(auditor.getByRole('button', { name: /Keep|Revoke|Close now/ })).toHaveCount(0)
  await revoked.goto(admin.url())
  await expect(revoked.getByRole('heading', { level: 1, name: title })).toHaveCount(0)

  // The last day passes.
  await sql(`UPDATE review SET due_at = now() WHERE name = $1`, [title])
  await expect(async () => {
    await auditor.goto(`${admin.url()}?show=all`)
    await expect(auditor.getByRole('status').filter({ hasText: 'Closed' })).toBeVisible({ timeout: 2_000 })
  }).toPass({ timeout: 60_000 })
  await expect(auditor.getByRole('row', { name: /Rosa Example/ })).toContainText('Not decided in time')
  await expect.poll(async () => (await last.run(['get', 'pods'])).status).not.toBe(0)
  // The report shows undecided lines.
  await expect(auditor.getByText('4 of 5 decided')).toBeVisible()
  await expect(auditor.getByText('1 revoked automatically.')).toBeVisible()
  problems.push(...(await lookBeforeRelease(auditor, 'review-closed', corners)))

  const [download] = await Promise.all([
    auditor.waitForEvent('download'),
    auditor.getByRole('link', { name: 'Download report' }).click(),
  ])
  const file = readFileSync(await download.path())
  const hash = createHash('sha256').update(file).digest('hex')
  await expect(auditor.getByText(hash)).toBeVisible()
  const report = JSON.parse(file.toString())
  expect(report).toMatchObject({
    name: title,
    counts: { kept: 1, revoked: 2, lowered: 1, flagged: 1, open: 0 },
  })
  const [closing] = await sql(
    `SELECT detail ->> 'sha256' AS hash FROM audit_event WHERE action = 'review.close' AND target_name = $1`,
    [title],
  )
  expect(closing?.hash).toBe(hash)
  expect(problems).toEqual([])
})
