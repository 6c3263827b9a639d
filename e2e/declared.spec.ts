import { parse } from 'yaml'
import { uniqueName } from '#dev/testing/unique-name.ts'
import { look } from '#e2e/fixtures/look.ts'
import { expect, test } from '#e2e/fixtures/test.ts'
import { newSpacePage } from '#e2e/models/new-space-page.ts'
import { spacePage } from '#e2e/models/space-page.ts'

test('a space that Git declares says so, gives the manifest of a change, and can be taken back', async ({
  as,
  stack,
  sql,
}) => {
  const owner = await as('gita')
  const name = uniqueName('declared')
  await newSpacePage(owner).create(stack.webUrl, { name, size: 'S' })
  await spacePage(owner, stack.webUrl, name).waitUntilReady()
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
  expect(parse((await manifest.textContent()) ?? '')).toMatchObject({
    metadata: { name, namespace: 'team-a' },
    spec: { size: 'M', description: 'changed: in "Git"', members: [] },
  })
  const problems = await look(owner, 'declared-settings')
  await owner.goto(`${stack.webUrl}/spaces/${name}/access`)
  await expect(owner.getByText('Members are managed in Git')).toBeVisible()
  await expect(owner.getByRole('button', { name: 'Add member' })).toHaveCount(0)
  problems.push(...(await look(owner, 'declared-access')))

  await owner.goto(settings)
  await owner.getByRole('button', { name: 'Take back from Git' }).click()
  await owner.getByRole('dialog').getByRole('button', { name: 'Take back' }).click()
  await expect(owner.getByText(`${name} is managed in the portal now.`)).toBeVisible()
  await expect(owner.getByRole('button', { name: 'Change size' })).toBeVisible()
  expect(problems).toEqual([])
})
