import { uniqueName } from '#dev/testing/fixtures/unique-name.ts'
import { expect, test } from '#e2e/fixtures/test.ts'
import { accessPage } from '#e2e/models/access-page.ts'
import { spacePage } from '#e2e/models/space-page.ts'

test('a platform admin sees all spaces but not their content, and can grant access only to others', async ({
  as,
  stack,
  seedSpace,
}) => {
  const owner = await as('anna')
  const name = uniqueName('closed')
  await seedSpace(owner, { name })

  const admin = await as('carol')
  await admin.goto(stack.webUrl)
  await expect(admin.getByRole('table', { name: 'Spaces' }).getByRole('link', { name, exact: true })).toBeVisible()
  await admin.goto(`${stack.webUrl}/spaces/${name}`)
  await expect(admin.getByText('Only members see what’s inside')).toBeVisible()
  await expect(admin.getByRole('table', { name: 'Workloads' })).toHaveCount(0)
  await admin.goto(`${stack.webUrl}/spaces/${name}/connect`)
  await expect(admin.getByRole('button', { name: 'Download kubeconfig' })).toHaveCount(0)

  const access = accessPage(admin, stack.webUrl, name)
  await access.open()
  await admin.getByRole('button', { name: 'Add member' }).click()
  const dialog = admin.getByRole('dialog')
  await dialog.getByRole('combobox', { name: 'Person or group' }).fill('carol@example.com')
  await dialog.getByRole('combobox', { name: 'Role' }).selectOption('admin')
  await dialog.getByRole('button', { name: 'Add', exact: true }).click()
  await expect(dialog.getByRole('alert')).toContainText('You can’t give yourself more access')
  await dialog.getByRole('button', { name: 'Cancel' }).click()
})

test('a platform admin’s grant in another person’s space needs a reason, and the owner sees a notice until they dismiss it', async ({
  as,
  stack,
  seedSpace,
}) => {
  const [owner, friend] = [await as('nils'), await as('ben')]
  await friend.goto(stack.webUrl)
  const name = uniqueName('platform-admin')
  const space = spacePage(owner, stack.webUrl, name)
  await seedSpace(owner, { name })
  // After the creation, the page may still be reopening its stream.
  await space.open()

  const admin = await as('carol')
  await accessPage(admin, stack.webUrl, name).open()
  await admin.getByRole('button', { name: 'Add member' }).click()
  const dialog = admin.getByRole('dialog')
  const add = dialog.getByRole('button', { name: 'Add', exact: true })
  await dialog.getByRole('combobox', { name: 'Person or group' }).fill('ben@example.com')
  await add.click()
  const reason = dialog.getByRole('textbox', { name: 'Reason' })
  await expect(reason).toHaveAccessibleDescription(/give a reason/)
  await expect(reason).toBeFocused()
  await reason.fill('The owner is on leave')
  await add.click()
  await expect(dialog).toHaveCount(0)
  await expect(admin.getByRole('row', { name: /Ben Example/ })).toContainText('By a platform admin')

  const notice = owner.getByRole('list', { name: 'Notices' }).getByRole('listitem').filter({ hasText: name })
  // The owner's open page updates live.
  await expect(notice).toContainText(/Platform admin Carol .* gave Ben Example \(ben-[0-9a-f]{6}\) the viewer role/)
  await expect(notice).toContainText('The owner is on leave')
  for (const path of [`/spaces/${name}/access`, '/']) {
    await owner.goto(`${stack.webUrl}${path}`)
    await expect(notice).toContainText('The owner is on leave')
  }
  await notice.getByRole('button', { name: 'Got it' }).click()
  await expect(notice).toHaveCount(0)
  await accessPage(owner, stack.webUrl, name).open()
  await expect(notice).toHaveCount(0)
})

test('after an offer is accepted, the recipient owns the space, and the former owner is an admin and can leave', async ({
  as,
  stack,
  seedSpace,
}) => {
  test.setTimeout(180_000)
  const [owner, newOwner] = [await as('anna'), await as('ben')]
  const name = uniqueName('new-owner')
  await seedSpace(owner, { name })
  const access = accessPage(owner, stack.webUrl, name)
  await access.open()
  await access.handOver('ben@example.com')
  await expect(owner.getByText(/Offered to Ben Example \(ben-[0-9a-f]{6}\)/).first()).toBeVisible()
  await expect(owner.getByText('Owned by you')).toBeVisible()

  const offers = newOwner.getByRole('list', { name: 'Offers' }).getByRole('listitem').filter({ hasText: name })
  await newOwner.goto(stack.webUrl)
  await expect(offers).toContainText(/Anna Example .* offers you the space/)
  await offers.getByRole('button', { name: 'Decline' }).click()
  await expect(offers).toHaveCount(0)
  // The owner's open page updates live.
  await expect(owner.getByRole('button', { name: 'Hand over' })).toBeVisible()
  await access.handOver('ben@example.com')
  await owner.getByRole('button', { name: 'Withdraw' }).click()
  await expect(owner.getByRole('button', { name: 'Hand over' })).toBeVisible()
  await access.handOver('ben@example.com')

  await newOwner.goto(stack.webUrl)
  await offers.getByRole('button', { name: 'Accept' }).click()
  await newOwner.waitForURL((url) => url.pathname === `/spaces/${name}`)
  await expect(owner.getByText('Owned by Ben Example')).toBeVisible()
  await expect(owner.getByText('Your role: admin')).toBeVisible()

  await newOwner.goto(`${stack.webUrl}/spaces/${name}`)
  await expect(newOwner.getByText('Owned by you')).toBeVisible()

  await access.leave()
  await owner.waitForURL((url) => url.pathname === '/')
  await owner.goto(`${stack.webUrl}/spaces/${name}`)
  await expect(spacePage(owner, stack.webUrl, name).unknown).toBeVisible()
})
