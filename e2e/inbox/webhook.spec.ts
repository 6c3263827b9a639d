import { createHmac } from 'node:crypto'
import { uniqueName } from '#dev/testing/fixtures/unique-name.ts'
import { type ReceivedMessage, startWebhookReceiver } from '#dev/testing/network/webhook-receiver.ts'
import { expect, test } from '#e2e/fixtures/test.ts'
import { newSpacePage } from '#e2e/models/new-space-page.ts'
import { requestPage } from '#e2e/models/request-page.ts'

/** Verifies as a receiver would: Standard Webhooks 1.0.0. */
const signatureOf = ({ headers, body }: ReceivedMessage, secret: string) =>
  `v1,${createHmac('sha256', Buffer.from(secret.replace('whsec_', ''), 'base64'))
    .update(`${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`)
    .digest('base64')}`

test('a person sets up a webhook, tests it, and receives decisions on their requests there', async ({ as, stack }) => {
  test.setTimeout(180_000)
  let status = 204
  const receiver = await startWebhookReceiver(() => ({ status }))
  const [person, decider] = [await as('hugo'), await as('carol')]
  await person.goto(`${stack.webUrl}/inbox`)
  await person.getByRole('link', { name: 'Notification settings' }).click()
  await person.waitForURL('**/inbox/settings')
  const form = person.getByRole('form', { name: 'By webhook' })
  const url = form.getByRole('textbox', { name: 'URL' })

  await form.getByRole('button', { name: 'Set up webhook' }).click()
  await expect(form.getByText('Paste the URL from your receiver, Slack or Teams.')).toBeVisible()
  await form.getByRole('combobox', { name: 'Format' }).selectOption('Slack')
  await url.fill('https://10.0.0.1/hooks/1')
  await form.getByRole('button', { name: 'Set up webhook' }).click()
  await expect(form.getByText('Webhooks must use a public https address on port 443')).toBeVisible()
  await expect(url, 'input is kept').toHaveValue('https://10.0.0.1/hooks/1')
  await expect(form.getByRole('combobox', { name: 'Format' })).toHaveValue('slack')

  await form.getByRole('combobox', { name: 'Format' }).selectOption('Spaceport (JSON, signed)')
  await url.fill(`${receiver.url}/hooks/t0ken`)
  await form.getByRole('button', { name: 'Set up webhook' }).click()
  const secret = person.getByText(/^whsec_/)
  await expect(secret).toBeVisible()
  const shown = (await secret.textContent()) ?? ''
  await expect(person.getByText(`${receiver.host}/…`, { exact: true })).toBeVisible()

  await person.getByRole('button', { name: 'Send a test' }).click()
  await expect(person.getByText(`${receiver.host} accepted the message.`)).toBeVisible()
  const [first] = receiver.received
  if (!first) throw new Error('nothing arrived')
  expect(JSON.parse(first.body)).toMatchObject({ type: 'webhook.test' })
  expect(first.headers['webhook-signature']).toBe(signatureOf(first, shown))

  await person.reload()
  await expect(secret, 'shown once').toHaveCount(0)
  await expect(person.getByText('t0ken')).toHaveCount(0)

  const name = uniqueName('hook')
  const space = newSpacePage(person)
  await space.open(stack.webUrl)
  await space.fill({ name, size: 'L', reason: 'A load test' })
  await space.requestButton.click()
  await person.waitForURL(/\/requests\/[0-9a-f-]{36}/)
  const request = person.url()
  await decider.goto(request)
  await requestPage(decider, stack.webUrl).deny('Too large for a test')
  await expect.poll(() => receiver.received.length, { timeout: 60_000 }).toBe(2)
  const [, decided] = receiver.received
  expect(decided?.headers['webhook-signature']).toBe(decided && signatureOf(decided, shown))
  expect(JSON.parse(decided?.body ?? '')).toMatchObject({
    type: 'inbox.request-decided',
    data: { sentence: expect.stringContaining(`denied your request for the new space ${name}`), link: request },
  })

  await person.goto(`${stack.webUrl}/inbox/settings`)
  await person.getByRole('button', { name: 'Replace secret' }).click()
  await person.getByRole('dialog').getByRole('button', { name: 'Replace secret' }).click()
  await expect(secret).toBeVisible()
  expect(await secret.textContent()).not.toBe(shown)
  status = 500
  await person.getByRole('button', { name: 'Send a test' }).click()
  await expect(person.getByText('The test failed')).toBeVisible()
  await person.getByRole('button', { name: 'Remove webhook' }).click()
  await person.getByRole('dialog').getByRole('button', { name: 'Remove webhook' }).click()
  await expect(person.getByRole('button', { name: 'Set up webhook' })).toBeVisible()
  await expect(secret).toHaveCount(0)
  receiver.stop()
})
