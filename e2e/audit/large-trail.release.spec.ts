import { once } from 'node:events'
import { get, type IncomingMessage } from 'node:http'
import { text } from 'node:stream/consumers'
import { z } from 'zod'
import { uniqueName } from '#dev/testing/fixtures/unique-name.ts'
import { expect, test } from '#e2e/fixtures/test.ts'

test('a slow search shows how far back it got, and continues from there to the end', async ({ as, stack, sql }) => {
  test.setTimeout(240_000)
  const name = uniqueName('deep')
  // No index has a single letter as a word. No other entry has this one.
  const letter = String.fromCodePoint(0x4e00 + Math.floor(Math.random() * 20_000))
  // Long before all other rows, each in its own chunk: 60 kB of text to read per row, with the match in the first.
  // Enough rows that no machine reads them all within the page's time limit.
  await sql(
    `INSERT INTO audit_event (seq, id, action, at, actor_kind, target_kind, target_name, user_agent, observer, destination, outcome)
     SELECT (SELECT greatest(max(seq), 0) / 1000 FROM audit_event WHERE seq < 1000000000000) * 1000 + n * 1000, gen_random_uuid(), 'space.update', now(),
       'system', 'space', CASE n WHEN 1 THEN $2 || ' ' || $1 ELSE $1 END,
       repeat('много ', 5400), 'worker/test', 'portal', 'ok' FROM generate_series(1, 800) n`,
    [name, letter],
  )
  const page = await as('vito')
  const rows = `${stack.webUrl}/api/rows/audit?text=${letter}`
  const answer = z.object({ next: z.string().nullable(), searchedSince: z.string().nullable() })
  // Late entries are found once they are sealed.
  await expect
    .poll(async () => answer.parse(await (await page.request.get(rows)).json()).searchedSince, { timeout: 30_000 })
    .not.toBeNull()

  // Its newest page would search again whenever entries are added, and may find more.
  await page.route('**/api/audit/live*', () => {})
  await page.goto(`${stack.webUrl}/audit?text=${letter}`)
  const main = page.getByRole('main')
  const on = main.getByRole('link', { name: 'Search further back' })
  const found = main.getByRole('region', { name: 'Actions, newest first' }).getByText(name).first()
  await expect(main.getByRole('heading', { name: 'Nothing found yet' })).toBeVisible()
  await expect(main.getByText('Searched back to')).toBeVisible()
  await expect(main.getByText('No matching entries')).toHaveCount(0)
  const end = main.getByText('No matching entries')
  let isFound = false
  for (let pages = 1; ; pages++) {
    await expect(on.or(found).or(end).first()).toBeVisible()
    isFound ||= await found.isVisible()
    const href = (await on.isVisible()) ? await on.getAttribute('href') : null
    // The time may run out just when the last match is found.
    if (href === null) break
    expect(pages, 'pages without an end').toBeLessThan(400)
    await on.click()
    // The next link starts elsewhere.
    await expect(main.locator(`a[href="${href}"]`)).toHaveCount(0, { timeout: 20_000 })
  }
  expect(isFound).toBe(true)
  await expect(main.getByText('Searched back to')).toHaveCount(0)
  await main.getByRole('link', { name: 'Newest' }).click()
  await expect(main.getByRole('heading', { name: 'Nothing found yet' })).toBeVisible()
})

test('a person can run at most two downloads of the trail at once; these end, and don’t slow down others', async ({
  as,
  stack,
  sql,
}) => {
  const name = uniqueName('long')
  const rows = 5_000
  // Older than the rows that other tests read, and together larger than the buffers along the way.
  await sql(
    `INSERT INTO audit_event (seq, id, action, at, actor_kind, target_kind, target_name, observer, destination, outcome, detail)
     SELECT (SELECT greatest(max(seq), 500000) FROM audit_event WHERE seq < 1000000000000) + n, gen_random_uuid(), 'space.update', now(), 'system', 'space',
       $1, 'worker/test', 'portal', 'ok', jsonb_build_object('description', repeat('long ', 1000)) FROM generate_series(1, $2::int) n`,
    [name, rows],
  )
  // A file leaves out late rows that aren’t sealed, and actions that the trail doesn’t know.
  const missing = `
    SELECT 1 FROM audit_unsealed u JOIN audit_event e USING (seq) WHERE e.target_name = $1
    UNION ALL SELECT 1 FROM audit_block b, audit_words_state s
      WHERE b.number > s.block AND b.seqs[1] <= (SELECT max(seq) FROM audit_event WHERE target_name = $1) LIMIT 1`
  await expect.poll(() => sql(missing, [name]), { timeout: 60_000 }).toHaveLength(0)
  const url = `${stack.webUrl}/api/audit/export?format=ndjson&space=${name}`
  const page = await as('vito')
  const cookie = (await page.context().cookies()).map((each) => `${each.name}=${each.value}`).join('; ')
  /** A download that isn't read yet. */
  const begin = async (): Promise<IncomingMessage> => {
    const [response] = await once(get(url, { agent: false, headers: { cookie } }), 'response')
    return response
  }

  const [first, second] = await Promise.all([begin(), begin()])
  expect([first.statusCode, second.statusCode]).toEqual([200, 200])
  const refused = await begin()
  expect(refused.statusCode).toBe(429)
  expect(JSON.parse(await text(refused))).toMatchObject({
    code: 'rate_limited',
    message: 'Two downloads are already running. Wait for one to finish.',
  })
  const auditor = await as('dave')
  expect((await auditor.request.get(`${url}&until=2000-01-01`)).status(), 'another person’s').toBe(200)

  // With the first and the last event of the file.
  expect((await text(first)).trimEnd().split('\n')).toHaveLength(rows + 2)
  const third = await begin()
  expect(third.statusCode, 'once one is done').toBe(200)
  second.destroy()
  await expect
    .poll(async () => {
      const next = await begin()
      next.destroy()
      return next.statusCode
    })
    .toBe(200)
  third.destroy()
})
