import { fastestOfThree } from '#dev/testing/fastest-of-three.ts'
import { uniqueName } from '#dev/testing/fixtures/unique-name.ts'
import { rawRequest } from '#e2e/fixtures/raw-request.ts'
import { recordAction } from '#e2e/fixtures/recorded-action.ts'
import { expect, test } from '#e2e/fixtures/test.ts'
import { newSpacePage } from '#e2e/models/new-space-page.ts'

/** Longer than Next’s own limit for an action’s body, which Next forwards to the page with the action. */
const large = 3 << 20

test('a stranger’s request bodies delay no one', async ({ as, stack }) => {
  const page = await as('finn')
  await newSpacePage(page).open(stack.webUrl)
  // A live check of the typed name: short, and only on this page.
  const name = uniqueName('forwarded')
  const check = await recordAction(page, () => newSpacePage(page).name.fill(name))
  const ask = async () => {
    const started = performance.now()
    // A reserved name isn't looked up on a cluster, where lookups have their own rate limit.
    const { text } = await check.replay({ path: '/requests', replace: [[name, 'kube-system']] })
    expect(text).toContain('"status":"ok"')
    return performance.now() - started
  }
  await ask()

  const head = (length: string) => [
    'POST /profile HTTP/1.1',
    `Next-Action: ${check.id}`,
    `Origin: ${stack.webUrl}`,
    'Content-Type: text/plain;charset=UTF-8',
    length,
  ]
  const chunked = Buffer.from(`${large.toString(16)}\r\n${'a'.repeat(large)}\r\n0\r\n\r\n`)
  for (const [length, body] of [
    [`Content-Length: ${large}`, Buffer.alloc(large, 'a')],
    // Announces a longer body than it sends.
    [`Content-Length: ${large}`, Buffer.alloc(1 << 20, 'a')],
    ['Content-Length: 250000', Buffer.alloc(100_000, 'a')],
    ['Transfer-Encoding: chunked', chunked],
  ] as const) {
    const slowest = async () => {
      await Promise.all(Array.from({ length: 8 }, () => rawRequest(stack.webUrl, head(length), body, 1_000)))
      // As many as the connections with an unread body that Next may keep, which would take six seconds.
      return Math.max(...(await Promise.all(Array.from({ length: 8 }, ask))))
    }
    expect(await fastestOfThree(5_000, slowest), length).toBeLessThan(5_000)
  }
})

test('a body longer than any form, or of unknown length, is refused before it is read', async ({ stack }) => {
  const type = 'Content-Type: application/x-www-form-urlencoded'
  for (const path of ['/', '/profile', '/api/auth/backchannel-logout', '/_next/static/x', '/none']) {
    const refused = async (length: string, body: string, answer: string) =>
      expect(await rawRequest(stack.webUrl, [`POST ${path} HTTP/1.1`, type, length], body), path).toContain(answer)
    await refused('Content-Length: 262145', 'a=', 'HTTP/1.1 413 ')
    await refused('Transfer-Encoding: chunked', '2\r\na=\r\n0\r\n\r\n', 'HTTP/1.1 411 ')
  }
})

test('a forwarded action is recorded with its original id and address', async ({ as, stack, sql }) => {
  test.skip(process.platform !== 'linux', 'Elsewhere a machine has one loopback address only.')
  const page = await as('finn')
  await newSpacePage(page).open(stack.webUrl)
  const name = uniqueName('forwarded')
  await newSpacePage(page).fill({ name })
  await expect(page.getByText('This name is free')).toBeVisible()
  const create = await recordAction(page, () => newSpacePage(page).createButton.click())
  // As a client would forge it.
  const headers = {
    'x-forwarded-for': '203.0.113.9',
    'x-request-id': 'made-up-by-a-client',
    'x-spaceport-proof': 'guess',
  }
  const answer = await create.replay({ path: '/requests', from: '127.0.0.2', headers })
  expect(answer.headers.get('x-action-redirect')).toContain(`/spaces/${name}`)
  const rows = await sql(
    `select distinct source_address, request_id from audit_event where action = 'space.create' and target_name = $1`,
    [name],
  )
  expect(rows).toEqual([{ source_address: '127.0.0.2', request_id: answer.headers.get('x-request-id') }])
})
