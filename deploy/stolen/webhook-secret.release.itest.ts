/** Steals the secret that encrypts webhooks, and tests each sentence about it in identities.ts. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type BrokerFixture, openBrokerFixture, webhookSecretOfTests } from '#dev/testing/fixtures/broker-fixture.ts'
import { startWebhookReceiver } from '#dev/testing/network/webhook-receiver.ts'
import { setUpWebhook } from '#lib/features/inbox/use-cases/set-up-webhook.ts'
import { testWebhook } from '#lib/features/inbox/use-cases/test-webhook.ts'
import { sentByDefault } from '#lib/kernel/model/inbox/event-choices.ts'
import { openWebhooks } from '#lib/kernel/webhook/open-webhooks.ts'
import { stolenIdentities } from './identities.ts'

let fixture: BrokerFixture
let receiver: Awaited<ReturnType<typeof startWebhookReceiver>>
beforeAll(async () => {
  ;[fixture, receiver] = await Promise.all([openBrokerFixture(), startWebhookReceiver()])
})
afterAll(async () => {
  receiver.stop()
  await fixture.close()
})

const with_ = (secret: string) => openWebhooks({ secret, allowedHosts: ['localhost'], deniedCidrs: [] })

async function victim() {
  const person = await fixture.person('victim')
  const url = `${receiver.url}/hooks/t0ken`
  const { secret } = await setUpWebhook(fixture.as(person), { url, format: 'spaceport', choices: sentByDefault })
  const { rows } = await fixture.owner.query('SELECT encrypted_url, encrypted_secret FROM webhook WHERE user_id = $1', [
    person.userId,
  ])
  return { person, url, secret, encryptedUrl: rows[0].encrypted_url, encryptedSecret: rows[0].encrypted_secret }
}

describe(stolenIdentities.webhookSecret.name, () => {
  test('with the database, reads where webhooks go and signs as Spaceport does', async () => {
    const { person, url, secret, encryptedUrl, encryptedSecret } = await victim()
    const thief = with_(webhookSecretOfTests)
    expect(await thief.open(encryptedUrl, person.userId)).toBe(url)
    expect(await thief.open(encryptedSecret, person.userId)).toBe(secret)
  })

  test('is worthless once it is replaced, and then people set their webhooks up again', async () => {
    const { person } = await victim()
    const webhooks = with_('a new secret of at least 32 characters')
    await expect(testWebhook(fixture.as(person, { webhooks }))).rejects.toMatchObject({ code: 'webhook_unreadable' })
  })
})
