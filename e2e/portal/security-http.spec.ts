import { Agent, request as httpRequest, type IncomingHttpHeaders } from 'node:http'
import { uniqueName } from '#dev/testing/fixtures/unique-name.ts'
import { rawRequest } from '#e2e/fixtures/raw-request.ts'
import { recordAction } from '#e2e/fixtures/recorded-action.ts'
import { handlerRoutes, pageRoutes, samplePath } from '#e2e/fixtures/routes.ts'
import { expect, test } from '#e2e/fixtures/test.ts'
import { accessPage } from '#e2e/models/access-page.ts'
import { newSpacePage } from '#e2e/models/new-space-page.ts'
import { spacePage } from '#e2e/models/space-page.ts'

const signedInPages = pageRoutes.filter((route) => !route.startsWith('/sign-in')).map(samplePath)
/** Public routes. All others require a session. */
const openHandlers = ['/api/auth/[...path]', '/api/healthz', '/api/readyz', '/.well-known/spaceport-trail-keys.json']

test('every response has the headers that block other sites and foreign scripts', async ({ as, stack }) => {
  const page = await as('sam')
  const nonces = new Set<string>()
  for (const path of ['/sign-in', '/sign-in/break-glass', ...signedInPages, '/no-such-page']) {
    const answer = await page.request.get(`${stack.webUrl}${path}`)
    const headers = answer.headers()
    const policy = headers['content-security-policy'] ?? ''
    const scripts = /script-src ([^;]*)/.exec(policy)?.[1] ?? ''
    expect(scripts, path).not.toMatch(/unsafe-(inline|eval)|https?:|\*/)
    const nonce = /'nonce-([^']+)'/.exec(scripts)?.[1] ?? ''
    expect(nonce.length, path).toBeGreaterThanOrEqual(20)
    expect(nonces.has(nonce), `${path}: a nonce is used once`).toBe(false)
    nonces.add(nonce)
    expect(policy, path).toContain(`default-src 'none'`)
    expect(policy, path).toContain(`frame-ancestors 'none'`)
    expect(policy, path).toContain(`base-uri 'none'`)
    expect(headers['x-content-type-options'], path).toBe('nosniff')
    expect(headers['referrer-policy'], path).toMatch(/no-referrer|same-origin|strict-origin/)
    expect(headers['cache-control'], path).toContain('no-store')
    expect(headers['x-powered-by'], path).toBeUndefined()
    expect(headers['x-request-id'], path).toMatch(/^[0-9a-f-]{36}$/)
  }
  for (const path of [...handlerRoutes.map(samplePath), '/api/audit/export?format=csv', '/api/no-such']) {
    const headers = (await page.request.get(`${stack.webUrl}${path}`)).headers()
    expect(headers['content-security-policy'], path).toContain(`default-src 'none'`)
    expect(headers['x-content-type-options'], path).toBe('nosniff')
  }
})

test('idle connections stay open longer than those of proxies', async ({ stack }) => {
  const headers = await new Promise<IncomingHttpHeaders>((resolve, reject) => {
    const agent = new Agent({ keepAlive: true })
    httpRequest(`${stack.webUrl}/api/healthz`, { agent }, (answer) => {
      answer.resume().once('end', () => agent.destroy())
      resolve(answer.headers)
    })
      .once('error', reject)
      .end()
  })
  expect(headers).toMatchObject({ connection: 'keep-alive', 'keep-alive': 'timeout=65' })
})

test('every path gets the headers in any spelling, and so do files', async ({ as, stack, nobody }) => {
  const page = await as('sam')
  const cookie = (await page.context().cookies()).map(({ name, value }) => `${name}=${value}`).join('; ')
  await nobody.goto(`${stack.webUrl}/sign-in`)
  const script = (await nobody.locator('script[src]').first().getAttribute('src')) ?? ''
  for (const path of [
    '/favicon.ico',
    '/icon.svg',
    '/_next/static/../../profile',
    '/_next/static/%2e%2e/%2e%2e/profile',
    '/_next/static/chunks/none.js',
    '/_next/image?url=%2Ficon.svg&w=64&q=75',
    '/_next/data/x/profile.json',
    '//profile',
    '/\\profile',
    '/%FF',
    '/spaces/%25',
    `${stack.webUrl}/profile`,
    script,
  ]) {
    const claims = ['X-Spaceport-Path: //evil.example/', 'X-Nonce: forged', 'Content-Security-Policy: none']
    const answer = await rawRequest(stack.webUrl, [`GET ${path} HTTP/1.1`, `Cookie: ${cookie}`, ...claims])
    const [head = '', body = ''] = answer.split('\r\n\r\n', 2)
    expect(head, path).toMatch(/^HTTP\/1\.1 (200|30[78]|40[04]) /)
    for (const header of [
      'content-security-policy: default',
      'x-content-type-options: nosniff',
      'x-frame-options: DENY',
    ])
      expect(head, path).toContain(header)
    if (path === script) {
      expect(head, path).toMatch(/cache-control: [^\r]*immutable/i)
      expect(body, 'the hint of dev/build/hint-compilation.ts').toContain('//# allFunctionsCalledOnLoad\n')
    } else if (path !== '/icon.svg') expect(head, path).toMatch(/cache-control: [^\r]*no-store/i)
    expect(answer, path).not.toMatch(/evil\.example|'nonce-forged'/)
    expect(`${head}${body}`, path).not.toContain('x-spaceport-proof')
  }
  expect(await rawRequest(stack.webUrl, ['GET /_next/image?url=%2Ficon.svg&w=64&q=75 HTTP/1.1'])).toContain('404')
})

test('the layout’s error page can’t be requested, and an invalid URL is refused', async ({ stack }) => {
  const statusOf = async (target: string) =>
    / (\d{3}) /.exec(await rawRequest(stack.webUrl, [`GET ${target} HTTP/1.1`]))?.[1]
  for (const target of ['/_global-error', '/./_global-error', '/a/../_global-error', '/_global-error?x=1'])
    expect([target, await statusOf(target)]).toEqual([target, '404'])
  expect(await statusOf('*')).toBe('400')
})

test('a URL is decoded once, and one that is still encoded afterwards is not found', async ({ as, stack, sql }) => {
  const page = await as('carol')
  const [{ handle } = {}] = await sql(`SELECT handle FROM user_account WHERE handle LIKE 'carol-%' LIMIT 1`)
  const once = [...String(handle)].map((letter) => `%${letter.charCodeAt(0).toString(16)}`).join('')
  const of = async (written: string) => {
    const answer = await page.request.get(`${stack.webUrl}/admin/people/${written}`)
    return [answer.status(), /<title>([^<]*)/.exec(await answer.text())?.[1]]
  }
  expect(await of(once)).toEqual(await of(String(handle)))
  for (const written of [once.replaceAll('%', '%25'), '%25', '%25zz', '%2525'])
    expect([written, await of(written)]).toEqual([written, [404, expect.stringContaining('Not found')]])
})

test('without a session, pages lead to sign-in and API routes refuse, with any headers', async ({ stack }) => {
  const claims: Record<string, string>[] = [
    {},
    { 'x-middleware-subrequest': 'proxy:proxy:proxy:proxy:proxy' },
    { 'x-spaceport-path': '/sign-in' },
    { cookie: 'spaceport-session=00000000-0000-0000-0000-000000000000' },
  ]
  for (const headers of claims) {
    for (const path of signedInPages) {
      const answer = await fetch(`${stack.webUrl}${path}`, { headers, redirect: 'manual' })
      const text = await answer.text()
      const where = `${path} with ${JSON.stringify(headers)}`
      expect([answer.status, answer.headers.get('location')], where).toEqual([307, expect.stringMatching(/^\/sign-in/)])
      expect(text, where).not.toContain('Sign out')
    }
    for (const path of handlerRoutes.filter((route) => !openHandlers.includes(route)).map(samplePath)) {
      const answer = await fetch(`${stack.webUrl}${path}`, { headers, redirect: 'manual' })
      expect(answer.status, path).toBe(401)
      await answer.text()
    }
  }
})

test('an unconfigured proxy is reported in readiness, which stays ready', async ({ stack }) => {
  const headers = { 'x-forwarded-for': '198.51.100.7' }
  await (await fetch(`${stack.webUrl}/sign-in`, { headers })).text()
  const answer = await fetch(`${stack.webAdminUrl}/api/readyz`)
  expect(answer.status).toBe(200)
  const { parts } = await answer.json()
  expect(parts).toMatchObject({ 'identity provider': 'ok' })
  expect(parts['source addresses']).toContain('SPACEPORT_TRUSTED_HOPS')
})

test('missing and invisible objects give a 404', async ({ as, stack }) => {
  const page = await as('sam')
  for (const path of ['/spaces/nowhere', `/requests/${crypto.randomUUID()}`, '/none'])
    expect((await page.request.get(`${stack.webUrl}${path}`)).status(), path).toBe(404)
  expect((await page.request.get(`${stack.webUrl}/?search=%00x&owner=%00`)).status()).toBe(200)
})

test('a name in a URL is decoded once, and a URL that isn’t valid text is refused', async ({ as, stack }) => {
  const page = await as('sam')
  for (const path of ['/spaces/%25', '/spaces/a%2525', '/spaces/%25/access', '/requests/%25', '/spaces/%2E%2E%2Fx']) {
    expect((await page.goto(`${stack.webUrl}${path}`))?.status(), path).toBe(404)
    await expect(page.getByRole('heading', { level: 1 }), path).toContainText('not found')
  }
  expect((await page.request.get(`${stack.webUrl}/api/spaces/%25/live`)).status()).toBe(404)
  for (const path of ['/spaces/%FF', '/requests/%FF', '/api/spaces/%FF/live', '/spaces/%E2%82', '/%', '/spaces/a%00'])
    expect(await rawRequest(stack.webUrl, [`GET ${path} HTTP/1.1`]), path).toContain('HTTP/1.1 400 ')
})

test('an impossible day is reported, and gives no download', async ({ as, stack, sql }) => {
  // No other test downloads as Carol: audit.spec does so at the same time, as the auditor.
  const page = await as('carol')
  const downloads = `select count(*)::int as n from audit_event where action = 'audit.export' and actor_name = 'Carol Example'`
  const rows = async () => (await sql(downloads))[0]?.n
  const before = await rows()
  for (const from of ['2099-02-30', '0000-01-01', '-000001-01-01T00:00Z', '%2B275760-09-13T00:00Z']) {
    expect((await page.request.get(`${stack.webUrl}/audit?from=${from}`)).status(), from).toBe(200)
    const answer = await page.request.get(`${stack.webUrl}/api/audit/export?format=csv&from=${from}`)
    expect([answer.status(), (await answer.json()).fields], from).toEqual([400, { from: 'Enter a date and a time.' }])
  }
  expect(await rows()).toBe(before)
})

test('an expected failure is reported as such by every part of the process', async ({ as, stack }) => {
  const page = await as('sue')
  await newSpacePage(page).open(stack.webUrl)
  await newSpacePage(page).fill({ name: uniqueName('nowhere') })
  await expect(page.getByText('This name is free')).toBeVisible()
  const create = await recordAction(page, () => newSpacePage(page).createButton.click())
  const { text } = await create.replay({ addField: ['cluster', 'nowhere'] })
  expect(text).toContain('"code":"cluster_unknown"')
  expect(text).not.toContain('Something went wrong')
})

test('a forged Host or X-Forwarded-Host doesn’t change redirects', async ({ stack }) => {
  const url = new URL(stack.webUrl)
  for (const headers of [
    { host: 'evil.example' },
    { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'https' },
  ]) {
    const location = await new Promise<string>((resolve, reject) => {
      httpRequest({ host: '127.0.0.1', port: url.port, path: '/requests', headers }, (response) => {
        response.resume()
        resolve(response.headers.location ?? '')
      })
        .on('error', reject)
        .end()
    })
    // A relative URL names no host.
    if (!location.startsWith('/sign-in')) expect(new URL(location, stack.webUrl).origin).toBe(stack.webUrl)
  }
})

test('an action without a session, from another origin, or with an unknown field does nothing', async ({
  as,
  stack,
  sql,
  seedSpace,
}) => {
  const page = await as('sam')
  const name = uniqueName('safe')
  await seedSpace(page, { name, description: 'as it was' })
  await spacePage(page, stack.webUrl, name).open('settings')
  const action = await recordAction(page, async () => {
    await page.getByRole('textbox', { name: 'Description' }).fill('changed')
    await page.getByRole('form', { name: 'Details' }).getByRole('button', { name: 'Save' }).click()
  })
  const description = async () => (await sql('select description from space where name = $1', [name]))[0]?.description

  const attacks = {
    'no session': { headers: { cookie: null } },
    'a made-up session': { headers: { cookie: 'spaceport-session=guessed' } },
    'another origin': { headers: { origin: 'https://evil.example' } },
    'an opaque origin': { headers: { origin: 'null' } },
    'no origin': { headers: { origin: null } },
    'a subdomain': { headers: { origin: stack.webUrl.replace('localhost', 'evil.localhost') } },
    'another site': { headers: { 'sec-fetch-site': 'cross-site' } },
    'an origin and a host that agree': {
      headers: { origin: 'https://evil.example', 'x-forwarded-host': 'evil.example' },
    },
    'an unknown field': { addField: ['ownerId', 'me'] },
    'a field twice': { addField: ['description', 'twice'] },
    'a space that doesn’t exist': { replace: [[name, uniqueName('none')]] },
  } as const
  for (const [what, changes] of Object.entries(attacks)) {
    const { status, text } = await action.replay(changes)
    expect(status >= 400 || /"status":"error"/.test(text), `${what}: ${status} ${text.slice(0, 300)}`).toBe(true)
    expect(await description(), what).toBe('as it was')
  }
  expect((await action.replay()).status).toBe(200)
  expect(await description()).toBe('changed')
})

test('a form posted without scripts is guarded like an action', async ({
  as,
  browser,
  sessionOf,
  stack,
  sql,
  seedSpace,
}) => {
  const name = uniqueName('posted')
  await seedSpace(await as('sam'), { name, description: 'as it was' })
  const url = `${stack.webUrl}/spaces/${name}/settings`
  const storageState = await sessionOf('sam')
  const context = await browser.newContext({ storageState, javaScriptEnabled: false })
  const plain = await context.newPage()
  await plain.goto(url)
  const fields: [string, string][] = []
  for (const input of await plain.getByRole('form', { name: 'Details' }).locator('input, textarea').all())
    fields.push([(await input.getAttribute('name')) ?? '', await input.inputValue()])
  await context.close()
  const cookie = storageState.cookies.map((one) => `${one.name}=${one.value}`).join('; ')
  const description = async () => (await sql('select description from space where name = $1', [name]))[0]?.description

  const post = async (
    headers: Readonly<Record<string, string>>,
    change: (fields: readonly [string, string][]) => readonly (readonly [string, string])[] = (same) => same,
  ) => {
    const form = new FormData()
    for (const [field, value] of change(fields)) form.append(field, field === 'description' ? 'posted text' : value)
    const answer = await fetch(url, { method: 'POST', headers, body: form, redirect: 'manual' })
    return { status: answer.status, text: await answer.text() }
  }
  const own = { cookie, origin: stack.webUrl }
  for (const [what, answer] of [
    ['no origin', await post({ cookie })],
    ['another origin', await post({ cookie, origin: 'https://evil.example' })],
    ['an opaque origin', await post({ cookie, origin: 'null' })],
    ['another site', await post({ ...own, 'sec-fetch-site': 'cross-site' })],
  ] as const) {
    expect(await description(), what).toBe('as it was')
    expect(answer.text, `${what}: another site’s text is not on our page`).not.toContain('posted text')
  }
  for (const [what, answer] of [
    ['an unknown field', await post(own, (same) => [...same, ['ownerId', 'me']])],
    ['a field twice', await post(own, (same) => [...same, ['description', 'twice']])],
    [
      'an unknown action',
      await post(own, (same) => same.map(([field, value]) => [field, value.replace(/"id":"../, '"id":"00')])),
    ],
    ['no session', await post({ origin: stack.webUrl })],
    ['no reference to an action', await post(own, (same) => same.filter(([field]) => !field.startsWith('$ACTION_')))],
  ] as const) {
    expect(answer.status, what).toBeLessThan(500)
    expect(await description(), what).toBe('as it was')
  }
  expect((await post(own)).status).toBe(200)
  expect(await description()).toBe('posted text')
})

test('other people’s ids give “not found”: spaces, members, credentials, requests', async ({
  as,
  stack,
  sql,
  kubectlFor,
  seedSpace,
}) => {
  const [victim, attacker] = [await as('sam'), await as('sue')]
  const [theirs, own] = [uniqueName('victim'), uniqueName('own')]
  for (const [page, name] of [
    [victim, theirs],
    [attacker, own],
  ] as const)
    await seedSpace(page, { name, members: [{ principal: 'group:team-any', role: 'viewer' }] })
  const victimKubectl = await kubectlFor(victim, theirs)
  await kubectlFor(attacker, own)

  const idOf = async (table: 'space_grant' | 'credential', space: string) => {
    const [row] = await sql(`select t.id from ${table} t join space s on s.id = t.space_id where s.name = $1`, [space])
    return String(row?.id)
  }
  const [theirGrant, ownGrant] = [await idOf('space_grant', theirs), await idOf('space_grant', own)]
  const [theirCredential, ownCredential] = [await idOf('credential', theirs), await idOf('credential', own)]

  await accessPage(attacker, stack.webUrl, own).open()
  const remove = await recordAction(attacker, async () => {
    await attacker.getByRole('button', { name: 'Remove group team-any' }).click()
    await attacker.getByRole('dialog').getByRole('button', { name: 'Remove', exact: true }).click()
  })
  for (const replace of [
    [[ownGrant, theirGrant]],
    [[own, theirs]],
    [
      [own, theirs],
      [ownGrant, theirGrant],
    ],
  ] as const) {
    const { text } = await remove.replay({ replace })
    expect(text).toContain('"code":"not_found"')
  }
  expect(await sql('select removed_at from space_grant where id = $1', [theirGrant])).toEqual([{ removed_at: null }])

  await attacker.goto(`${stack.webUrl}/credentials`)
  const revoke = await recordAction(attacker, async () => {
    await attacker.getByRole('button', { name: `Revoke the kubeconfig for ${own}` }).click()
    await attacker.getByRole('dialog').getByRole('button', { name: 'Revoke', exact: true }).click()
  })
  expect((await revoke.replay({ replace: [[ownCredential, theirCredential]] })).text).toContain('"code":"not_found"')
  expect((await victimKubectl.run(['get', 'pods'])).status).toBe(0)

  await spacePage(attacker, stack.webUrl, own).open('connect')
  const download = await recordAction(attacker, () =>
    attacker.getByRole('button', { name: 'Download kubeconfig' }).click(),
  )
  const swapped = await download.replay({ replace: [[own, theirs]] })
  expect(swapped.text).toContain('"code":"not_found"')
  expect(swapped.text).not.toContain('spt_')
  const made = await download.replay()
  expect(made.text).toContain('spt_')
  expect(made.headers.get('cache-control')).toContain('no-store')
})

test('an upgrade request is answered like any other, and its connection is closed', async ({ stack }) => {
  const upgrade = ['Connection: Upgrade', 'Upgrade: websocket', 'x-spaceport-proof: x']
  for (const path of ['/nothing', '/_next/webpack-hmr', '/api/healthz'])
    expect(await rawRequest(stack.webUrl, [`GET ${path} HTTP/1.1`, ...upgrade]), path).toMatch(/^HTTP\/1\.1 [2-4]\d\d /)
})
