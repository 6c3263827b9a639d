import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import https from 'node:https'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openGatewayFixture } from '#dev/testing/fixtures/gateway-fixture.ts'
import { uniqueName } from '#dev/testing/fixtures/unique-name.ts'
import { makeToken } from '#lib/kernel/credentials/token.ts'

type Fixture = Awaited<ReturnType<typeof openGatewayFixture>>

let fixture: Fixture
beforeAll(async () => {
  fixture = await openGatewayFixture()
})
afterAll(() => fixture?.close())

test('a new credential works at once during a flood of guesses from its own address, and the trail stays short', async () => {
  const person = await fixture.person('honest')
  const agent = new https.Agent({ keepAlive: true, maxSockets: 100 })
  const userAgent = uniqueName('guesser')
  const answers = new Map<number, number>()
  async function guess() {
    const request = https.get({
      host: '127.0.0.1',
      port: fixture.port,
      ca: fixture.ca,
      agent,
      path: '/clusters/default/version',
      headers: { authorization: `Bearer ${makeToken(randomBytes).token}`, 'user-agent': userAgent },
    })
    request.on('error', () => {})
    const [response] = await once(request, 'response')
    const status: number = response.statusCode
    answers.set(status, (answers.get(status) ?? 0) + 1)
    await once(response.resume(), 'end')
  }
  let flooding = true
  const guessers = Array.from({ length: 100 }, async () => {
    do await guess()
    while (flooding)
  })
  try {
    await expect.poll(() => answers.get(429) ?? 0).toBeGreaterThan(200)
    // Made only now, so this gateway has never seen it. Used once, because kubectl retries on its own.
    const { token } = await fixture.credential(person)
    const request = https.get({
      host: '127.0.0.1',
      port: fixture.port,
      ca: fixture.ca,
      agent: false,
      path: '/clusters/default/version',
      headers: { authorization: `Bearer ${token}` },
    })
    request.on('error', () => {})
    const [response] = await once(request, 'response')
    expect(response.statusCode).toBe(200)
    response.destroy()
  } finally {
    flooding = false
    await Promise.all(guessers)
    agent.destroy()
  }
  expect([...answers.keys()].sort()).toEqual([401, 429])
  expect(answers.get(401)).toBeLessThan(400)
  const reasons = async () =>
    (await fixture.sql('SELECT reason FROM audit_event WHERE user_agent = $1 ORDER BY seq', [userAgent])).map(
      ({ reason }) => reason,
    )
  // On a machine that stalls, guesses also exceed their fair share.
  const without = async () => (await reasons()).filter((reason) => reason !== 'too_busy')
  await expect.poll(without).toEqual(['unknown_credential', 'too_many_failures'])
})
