import type { CDPSession, Page } from '@playwright/test'
import { expect, test } from '#e2e/fixtures/test.ts'
import { signIn } from '#e2e/models/sign-in.ts'

/** Layout shift, as measured by the browser (https://web.dev/articles/cls). */
const observeShifts = `
  globalThis.shifted = 0
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) globalThis.shifted += entry.value
  }).observe({ type: 'layout-shift', buffered: true })
`

/** @returns the fonts that the browser uses for an element's text; the portal's own by their names */
async function drawnWith(devtools: CDPSession, selector: string): Promise<string[]> {
  const { root } = await devtools.send('DOM.getDocument')
  const { nodeId } = await devtools.send('DOM.querySelector', { nodeId: root.nodeId, selector })
  const { fonts } = await devtools.send('CSS.getPlatformFontsForNode', { nodeId })
  return fonts.map(({ familyName, isCustomFont }) => (isCustomFont ? familyName : `${familyName} of the system`)).sort()
}

async function openDevtools(page: Page): Promise<CDPSession> {
  const devtools = await page.context().newCDPSession(page)
  await devtools.send('DOM.enable')
  await devtools.send('CSS.enable')
  return devtools
}

test('text uses the portal’s own fonts, served by the portal', async ({ as, stack }) => {
  const page = await as('lukasz')
  const fonts: string[] = []
  page.on('request', (request) => {
    if (request.resourceType() === 'font') fonts.push(request.url())
  })
  await page.goto(`${stack.webUrl}/profile`)
  await page.evaluate(() => document.fonts.ready)
  const devtools = await openDevtools(page)
  await expect.poll(() => drawnWith(devtools, 'h1')).toEqual(['Inter'])
  await expect.poll(() => drawnWith(devtools, '.font-mono')).toEqual(['JetBrains Mono'])
  expect(fonts.length).toBeGreaterThan(0)
  for (const font of fonts) expect(font).toMatch(new RegExp(`^${stack.webUrl}/_next/static/`))
})

test('letters beyond Western Europe’s use the same font, loaded only by pages that show them', async ({
  as,
  nobody,
  stack,
}) => {
  const loaded = (page: Page) => {
    const names: string[] = []
    page.on('request', (request) => {
      if (request.resourceType() === 'font') names.push(request.url())
    })
    return names
  }
  const withName = await as('lukasz')
  const loadedByName = loaded(withName)
  await withName.goto(`${stack.webUrl}/spaces/new`)
  const button = withName.getByRole('banner').getByRole('button', { name: 'Łukasz Żółć' })
  await expect(button).toBeVisible()
  await withName.evaluate(() => document.fonts.ready)
  const devtools = await openDevtools(withName)
  await expect.poll(() => drawnWith(devtools, 'header [aria-haspopup="menu"]')).toEqual(['Inter'])
  const loadedBySignIn = loaded(nobody)
  await nobody.goto(`${stack.webUrl}/sign-in`)
  await nobody.evaluate(() => document.fonts.ready)
  const isExtended = (font: string) => font.includes('inter_latin_ext')
  expect(loadedBySignIn).not.toEqual([])
  expect(loadedBySignIn.filter(isExtended)).toEqual([])
  expect(loadedByName.filter(isExtended)).toHaveLength(1)
})

for (const width of [360, 1440]) {
  test(`nothing moves when the fonts come late, at ${width} px`, async ({ browser, stack }) => {
    const context = await browser.newContext({ viewport: { width, height: 900 } })
    const page = await context.newPage()
    await signIn(page, stack.webUrl, { username: `lucja-${width}`, password: `lucja-${width}` })
    await context.addInitScript(observeShifts)
    for (const path of ['/', '/spaces/new', '/profile', '/requests/new', '/credentials']) {
      const held = Promise.withResolvers<void>()
      await page.route('**/*.woff2', async (route) => {
        await held.promise
        await route.continue()
      })
      await page.goto(`${stack.webUrl}${path}`, { waitUntil: 'domcontentloaded' })
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
      const devtools = await openDevtools(page)
      const before = await drawnWith(devtools, 'h1')
      expect(before[0], path).toMatch(/of the system$/)
      held.resolve()
      await expect.poll(() => drawnWith(devtools, 'h1'), path).toEqual(['Inter'])
      await page.evaluate(() => document.fonts.ready)
      const shifted = await page.evaluate(
        () =>
          new Promise((drawn) =>
            requestAnimationFrame(() => requestAnimationFrame(() => drawn(Reflect.get(globalThis, 'shifted')))),
          ),
      )
      expect(shifted, path).toBeLessThan(0.02)
      await devtools.detach()
      await page.unroute('**/*.woff2')
    }
    await context.close()
  })
}

test('icons, manifest and link previews are public', async ({ nobody, stack }) => {
  await nobody.goto(`${stack.webUrl}/sign-in`)
  const linked = await nobody
    .locator('link[rel=icon], link[rel=apple-touch-icon], link[rel=manifest]')
    .evaluateAll((links) => links.map((link) => link.getAttribute('href') ?? ''))
  expect(linked.sort()).toEqual(['/apple-touch-icon.png', '/icon.svg', '/manifest.webmanifest'])
  const picture = (await nobody.locator('meta[property="og:image"]').getAttribute('content')) ?? ''
  expect(picture).toBe(`${stack.webUrl}/social.png`)
  const manifest = await (await nobody.request.get(`${stack.webUrl}/manifest.webmanifest`)).json()
  const icons: string[] = manifest.icons.map(({ src }: { src: string }) => src)
  for (const path of [...linked, new URL(picture).pathname, ...icons]) {
    const answer = await nobody.request.get(`${stack.webUrl}${path}`)
    expect(answer.status(), path).toBe(200)
    expect(answer.headers()['content-security-policy'], path).toContain(`default-src 'none'`)
  }
})
