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
