import type { Browser } from '@playwright/test'
import { z } from 'zod'
import { pressAround } from './press-around.ts'

/** The cost of one visit with empty caches. */
export type Visit = {
  scriptKilobytes: number
  largestPaintMs: number
  shift: number
  blockedMs: number
  /** From a key or click until the page showed the result: the slowest of several, with a quarter of the CPU. */
  slowestAnswerMs: number
}

const seenSchema = z.object({ largestPaintMs: z.number(), shift: z.number(), blockedMs: z.number() })

/** Runs in the page. Total blocking time is the part of long tasks beyond 50 ms (https://web.dev/articles/tbt). */
const observe = `
  globalThis.seen = { largestPaintMs: 0, shift: 0, blockedMs: 0 }
  const watch = (type, take) =>
    new PerformanceObserver((list) => list.getEntries().forEach(take)).observe({ type, buffered: true })
  watch('largest-contentful-paint', (entry) => { seen.largestPaintMs = entry.startTime })
  watch('layout-shift', (entry) => { if (!entry.hadRecentInput) seen.shift += entry.value })
  watch('longtask', (entry) => { seen.blockedMs += Math.max(0, entry.duration - 50) })
`

/** @param session the cookie's value of a signed-in person */
export async function visit(browser: Browser, url: string, session?: string): Promise<Visit> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } })
  try {
    if (session !== undefined)
      await context.addCookies([
        { name: 'spaceport-session', value: session, domain: new URL(url).hostname, path: '/' },
      ])
    await context.addInitScript(observe)
    const page = await context.newPage()
    const devtools = await context.newCDPSession(page)
    await devtools.send('Network.enable')
    const scripts = new Set<string>()
    let scriptBytes = 0
    devtools.on('Network.responseReceived', ({ requestId, type }) => {
      if (type === 'Script') scripts.add(requestId)
    })
    devtools.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
      if (scripts.has(requestId)) scriptBytes += encodedDataLength
    })
    const answer = await page.goto(url, { waitUntil: 'load' })
    if (answer?.status() !== 200 || new URL(page.url()).pathname !== new URL(url).pathname)
      throw new Error(`${url} answered ${answer?.status()} at ${page.url()}`)
    // Hydration and its layout shifts come after the load event; a live page never becomes idle.
    await page.waitForTimeout(400)
    const seen = seenSchema.parse(await page.evaluate('seen'))
    const scriptKilobytes = scriptBytes / 1_000
    await devtools.send('Emulation.setCPUThrottlingRate', { rate: 4 })
    return { scriptKilobytes, ...seen, slowestAnswerMs: await pressAround(page) }
  } finally {
    await context.close()
  }
}
