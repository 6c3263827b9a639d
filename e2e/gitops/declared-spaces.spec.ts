import type { Page } from '@playwright/test'
import { parse } from 'yaml'
import { uniqueName } from '#dev/testing/fixtures/unique-name.ts'
import { corners, lookBeforeRelease } from '#e2e/fixtures/look.ts'
import { expect, test } from '#e2e/fixtures/test.ts'

test('a space managed in Git shows that, offers manifests for changes, and can be returned to the portal', async ({
  as,
  stack,
  sql,
  seedSpace,
}) => {
  test.setTimeout(240_000)
  const owner = await as('gita')
  const name = uniqueName('declared')
  await seedSpace(owner, { name, size: 'S' })
  const settings = `${stack.webUrl}/spaces/${name}/settings`
  await owner.goto(settings)
  await owner.getByRole('link', { name: 'Show the manifest' }).click()
  const manifest = owner.locator('pre').filter({ hasText: 'spaceport.dev/v1alpha1' })
  await expect(manifest).toBeVisible()
  expect(parse((await manifest.textContent()) ?? '')).toMatchObject({
    kind: 'Space',
    metadata: { name },
    spec: { size: 'S' },
  })

  await sql(`UPDATE space SET declared_namespace = 'team-a', declared_members = true WHERE name = $1`, [name])
  await owner.goto(settings)
  await expect(owner.getByRole('link', { name: 'Managed in Git' })).toBeVisible()
  await expect(owner.getByRole('button', { name: 'Change size' })).toHaveCount(0)
  await owner.getByRole('textbox', { name: 'Description' }).fill('changed: in "Git"')
  await owner.getByRole('combobox', { name: 'Size' }).selectOption('M')
  await expect
    .poll(async () => parse((await manifest.textContent()) ?? ''))
    .toMatchObject({
      metadata: { name, namespace: 'team-a' },
      spec: { size: 'M', description: 'changed: in "Git"', members: [] },
    })
  const problems = await lookBeforeRelease(owner, 'declared-settings')
  await owner.goto(`${stack.webUrl}/spaces/${name}/access`)
  await expect(owner.getByText('Members are managed in Git')).toBeVisible()
  await expect(owner.getByRole('button', { name: 'Add member' })).toHaveCount(0)
  problems.push(...(await lookBeforeRelease(owner, 'declared-access')))

  const inList = (page: Page) => page.getByRole('rowheader').filter({ hasText: name })
  await owner.goto(stack.webUrl)
  await expect(inList(owner).getByText('Managed in Git')).toBeAttached()
  await expect(inList(owner).getByTitle(`Managed in Git, by team-a/${name}`)).toHaveText(/^Git/)
  const admin = await as('carol')
  await admin.goto(`${stack.webUrl}/?search=${name}`)
  await admin.getByText('More filters').click()
  const managed = admin.getByRole('combobox', { name: 'Managed in' })
  await managed.selectOption('The portal')
  await expect(admin.getByRole('heading', { name: 'Nothing found' })).toBeVisible()
  await managed.selectOption('Git')
  await expect(inList(admin)).toHaveCount(1)
  await expect(admin.getByRole('list', { name: 'Filters', exact: true })).toContainText('Managed in Git')
  await expect(admin.getByRole('link', { name: 'Download CSV' })).toHaveAttribute('href', /[?&]managed=git/)
  problems.push(...(await lookBeforeRelease(admin, 'declared-in-the-list', corners)))
  await admin.getByRole('checkbox', { name: `Select ${name}` }).check()
  await admin.getByRole('button', { name: 'Change end date' }).click()
  await expect(admin.getByRole('dialog')).toContainText('1 space is managed in Git. Its end changes here')
  problems.push(...(await lookBeforeRelease(admin, 'declared-end-many', corners)))

  await owner.goto(settings)
  await owner.getByRole('button', { name: 'Take back from Git' }).click()
  await owner.getByRole('dialog').getByRole('button', { name: 'Take back' }).click()
  await expect(owner.getByText(`${name} is now managed in the portal.`)).toBeVisible()
  await expect(owner.getByRole('button', { name: 'Change size' })).toBeVisible()
  expect(problems).toEqual([])
})
