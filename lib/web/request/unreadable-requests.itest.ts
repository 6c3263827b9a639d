import { afterAll, beforeAll, expect, test } from 'vitest'
import { openWebFixture, type WebFixture } from '#dev/testing/fixtures/web-fixture.ts'

let web: WebFixture
let cookie: string
let action: string

beforeAll(async () => {
  web = await openWebFixture()
  cookie = await web.signIn(await web.broker.person('writer'))
  const page = await (await web.get('/profile', { cookie })).text()
  action = /\\"id\\":\\"([0-9a-f]{42})\\"/.exec(page)?.[1] ?? ''
}, 900_000)
afterAll(() => web?.close())

const form = 'multipart/form-data; boundary=b'
const post = (headers: Readonly<Record<string, string>>, body: string) =>
  fetch(`${web.url}/profile`, {
    method: 'POST',
    headers: { cookie, origin: web.url, ...headers },
    body,
    redirect: 'manual',
  })

test('an unreadable form is the client’s mistake, not an internal error', async () => {
  expect(action).not.toBe('')
  const cut = '--b\r\ncontent-disposition: form-data; name="x"\r\n\r\nhalf'
  for (const [what, headers, body] of [
    ['a truncated form', { 'content-type': form }, cut],
    ['an action’s truncated form', { 'content-type': form, 'next-action': action }, cut],
    ['a form without a boundary', { 'content-type': 'multipart/form-data', 'next-action': action }, cut],
    ['a malformed part', { 'content-type': form, 'next-action': action }, '--b\r\nno header\r\n\r\n\r\n--b--\r\n'],
    ['arguments that aren’t JSON', { 'content-type': 'text/plain;charset=UTF-8', 'next-action': action }, '[{'],
    ['an unknown action', { 'content-type': 'text/plain;charset=UTF-8', 'next-action': '0'.repeat(42) }, '[]'],
  ] as const) {
    const answer = await post(headers, body)
    expect.soft(answer.status, what).toBeGreaterThanOrEqual(400)
    expect.soft(answer.status, what).toBeLessThan(500)
    expect.soft(await answer.text(), what).not.toMatch(/node_modules|Error:/)
  }
  const { status } = await web.get('/profile', { cookie })
  expect(status).toBe(200)
})
