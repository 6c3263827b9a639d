import { uniqueName } from '#dev/testing/fixtures/unique-name.ts'
import { expect, test } from '#e2e/fixtures/test.ts'
import { newSpacePage } from '#e2e/models/new-space-page.ts'
import { requestPage } from '#e2e/models/request-page.ts'

type Mail = { to: string[]; subject: string; text: string }

test('a request appears in its approver’s inbox and is decided, and the requester is notified in the inbox and by mail', async ({
  as,
  stack,
}) => {
  test.setTimeout(150_000)
  const [asker, decider] = [await as('ivan'), await as('carol')]
  const name = uniqueName('inbox')
  const mailsTo = async (person: string) => {
    const mails: Mail[] = await (await fetch(`${stack.mailUrl}/mails`)).json()
    return mails.filter(({ to, subject }) => to.includes(`${person}@example.com`) && subject.includes(name))
  }
  await asker.goto(`${stack.webUrl}/inbox`)
  await expect(asker.getByText('Nothing has happened yet')).toBeVisible()
  const form = newSpacePage(asker)
  await form.open(stack.webUrl)
  await form.fill({ name, size: 'L', reason: 'A load test of two weeks' })
  await form.requestButton.click()
  await asker.waitForURL(/\/requests\/[0-9a-f-]{36}/)
  const request = asker.url()

  await expect.poll(async () => (await mailsTo('carol')).length, { timeout: 60_000 }).toBe(1)
  const [asked] = await mailsTo('carol')
  expect(asked?.subject).toMatch(/^Ivan Example \(ivan-[0-9a-f]{6}\) asks for the new space/)
  expect(asked?.text).toContain('> A load test of two weeks')
  expect(asked?.text).toContain(request)
  await decider.goto(`${stack.webUrl}/inbox`)
  await expect(decider.getByRole('link', { name: /^Inbox \d+\+? waiting or unread$/ })).toBeVisible()
  const waiting = decider.getByRole('table', { name: 'Requests waiting for your decision' })
  await waiting.getByRole('link', { name: new RegExp(name) }).click()
  await decider.waitForURL(request)
  await requestPage(decider, stack.webUrl).approve()
  await decider.goto(`${stack.webUrl}/inbox`)
  await expect(decider.getByRole('heading', { name: 'What happened' })).toBeVisible()
  await expect(waiting.filter({ hasText: name })).toHaveCount(0)

  await asker.goto(`${stack.webUrl}/inbox`)
  await expect(asker.getByRole('link', { name: 'Inbox 1 waiting or unread' })).toBeVisible()
  const happened = asker.getByRole('list', { name: 'What happened' }).getByRole('listitem').filter({ hasText: name })
  await expect(happened).toContainText(`approved your request for the new space ${name}`)
  await expect(happened).toContainText('Unread:')
  await expect.poll(async () => (await mailsTo('ivan')).length, { timeout: 60_000 }).toBe(1)
  await happened.getByRole('link').click()
  await asker.waitForURL(request)
  await asker.goto(`${stack.webUrl}/inbox`)
  await expect(happened, 'opening it marks it as read').not.toContainText('Unread:')
  await expect(asker.getByRole('link', { name: 'Inbox', exact: true })).toBeVisible()

  const mails = await asker.context().newPage()
  await mails.goto(stack.mailUrl)
  await expect(mails.getByRole('heading', { name: new RegExp(`approved your request.*${name}`) })).toBeVisible()
})

test('a waiting request is in its approver’s inbox once, is counted once, and is not on their page of requests', async ({
  as,
  stack,
  seedRequest,
  seedSpace,
}) => {
  test.setTimeout(120_000)
  const [owner, asker] = [await as('iris'), await as('erin')]
  const name = uniqueName('once')
  await seedSpace(owner, { name })
  const request = await seedRequest(asker, { space: name, role: 'viewer', minutes: 1_440, reason: 'To look' })
  const main = owner.getByRole('main')
  const links = main.locator(`a[href="${new URL(request).pathname}"]`)
  const decide = requestPage(owner, stack.webUrl)

  await decide.openInbox()
  await expect(owner.getByRole('heading', { name: 'Waiting for you (1)' })).toBeVisible()
  await expect(owner.getByRole('link', { name: 'Inbox 1 waiting or unread' })).toBeVisible()
  await expect(decide.waiting.getByRole('row').filter({ hasText: name })).toHaveCount(1)
  await expect(links).toHaveCount(1)
  const happened = owner.getByRole('list', { name: 'What happened' }).getByRole('listitem').filter({ hasText: name })
  await expect(happened).toHaveCount(0)

  await decide.open()
  await expect(main.getByText('1 request is waiting for you in your inbox.')).toBeVisible()
  await expect(main).not.toContainText(name)
  await main.getByRole('link', { name: 'inbox', exact: true }).click()
  await owner.waitForURL('**/inbox')
  await links.click()
  await owner.waitForURL(request)
  await decide.deny('Ask again tomorrow')
  await main.getByRole('link', { name: 'Decided requests', exact: true }).click()
  await expect(main.getByRole('link', { name: /Viewer role/i }).first()).toBeVisible()
  await decide.openInbox()
  await expect(owner.getByRole('heading', { name: 'Nothing is waiting for you' })).toBeVisible()
  await expect(happened, 'it is history now').toContainText(`asks for the viewer role in ${name}`)
  await expect(owner.getByRole('banner').getByRole('link', { name: 'Inbox', exact: true })).toBeVisible()
})
