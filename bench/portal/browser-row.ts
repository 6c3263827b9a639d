import { type Browser, chromium } from '@playwright/test'
import { type BenchContext, rounds } from '#bench/bench-context.ts'
import { boundFinding, type Finding, ratioFinding } from '#bench/figures/finding.ts'
import { inRounds } from '#bench/figures/rounds.ts'
import { openSession } from '#bench/scene/scene.ts'
import { findChromium } from '#dev/test/find-chromium.ts'
import { startEmptyPage } from './start-empty-page.ts'
import { type Visit, visit } from './visit.ts'

/** Row 12: what a browser has to load and do for each route, against an empty page of the same Next. */
export async function measureBrowser(context: BenchContext): Promise<Finding[]> {
  const { scene, stack, say } = context
  const admin = await scene.person('admin')
  const space = await scene.space(admin)
  const session = await openSession(stack.ownerDatabaseUrl, admin.userId)
  const emptyPage = await startEmptyPage(context)
  const browser = await chromium.launch({
    executablePath: await findChromium(say),
    args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
  })
  try {
    const routes = [
      '/',
      '/spaces/new',
      `/spaces/${space}`,
      `/spaces/${space}/access`,
      `/spaces/${space}/connect`,
      '/requests',
      '/audit',
      '/profile',
    ]
    const findings: Finding[] = []
    for (const route of routes) {
      const shown = route.replace(space, '[name]')
      say(`row 12: ${shown}`)
      findings.push(...(await measureRoute(browser, { emptyPage, url: stack.webUrl + route, session, shown })))
    }
    return findings
  } finally {
    await browser.close()
  }
}

async function measureRoute(
  browser: Browser,
  { emptyPage, url, session, shown }: { emptyPage: string; url: string; session: string; shown: string },
): Promise<Finding[]> {
  // The first visit compiles on the server's side; a browser's caches are empty in each.
  await visit(browser, url, session)
  const { ours, empty } = await inRounds(rounds, {
    ours: () => visit(browser, url, session),
    empty: () => visit(browser, emptyPage),
  })
  const of = (visits: Visit[], name: keyof Visit) => visits.map((each) => each[name])
  const script = ratioFinding(
    {
      row: '12',
      what: `${shown}: JavaScript gz, empty Next page`,
      unit: 'kB',
      ours: of(ours, 'scriptKilobytes'),
      reference: of(empty, 'scriptKilobytes'),
    },
    { max: 1.4 },
  )
  const bound = (what: string, name: keyof Visit, unit: string, bar: number) =>
    boundFinding({ row: '12', what: `${shown}: ${what}`, unit, ours: of(ours, name) }, bar)
  return [
    script,
    bound('JavaScript gz', 'scriptKilobytes', 'kB', 190),
    bound('LCP', 'largestPaintMs', 'ms', 1_500),
    bound('CLS', 'shift', '', 0.02),
    bound('TBT', 'blockedMs', 'ms', 100),
  ]
}
