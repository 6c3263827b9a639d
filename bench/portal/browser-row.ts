import { type Browser, chromium } from '@playwright/test'
import { type BenchContext, rounds } from '#bench/bench-context.ts'
import { boundFinding, type Finding, ratioFinding } from '#bench/figures/finding.ts'
import { findChromium } from '#dev/test/find-chromium.ts'
import { type SeededPage, seedPages } from './seed-pages.ts'
import { startEmptyPage } from './start-empty-page.ts'
import { type Visit, visit } from './visit.ts'

/** Row 12: the cost of every route in a browser, against an empty page of the same Next. */
export async function measureBrowser(context: BenchContext): Promise<Finding[]> {
  const { stack, say } = context
  const pages = await seedPages(context)
  const emptyPage = await startEmptyPage(context)
  const browser = await chromium.launch({
    executablePath: await findChromium(say),
    args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
  })
  try {
    // Its bytes don't depend on the machine's state: once is enough for all routes.
    const empty = await visitInRounds(browser, emptyPage)
    const findings: Finding[] = []
    for (const page of pages) {
      say(`row 12: ${page.route}`)
      const ours = await visitInRounds(browser, stack.webUrl + page.path, page.session)
      findings.push(...findingsOf(page, ours, empty))
    }
    return findings
  } finally {
    await browser.close()
  }
}

/** The first visit, for which the server compiles, doesn't count; each visit has empty caches. */
async function visitInRounds(browser: Browser, url: string, session?: string): Promise<Visit[]> {
  await visit(browser, url, session)
  const visits: Visit[] = []
  for (let round = 0; round < rounds; round++) visits.push(await visit(browser, url, session))
  return visits
}

function findingsOf({ route }: SeededPage, ours: Visit[], empty: Visit[]): Finding[] {
  const of = (visits: Visit[], name: keyof Visit) => visits.map((each) => each[name])
  const script = ratioFinding(
    {
      row: '12',
      what: `${route}: JavaScript gz, empty Next page`,
      unit: 'kB',
      ours: of(ours, 'scriptKilobytes'),
      reference: of(empty, 'scriptKilobytes'),
    },
    { max: 1.4 },
  )
  const bound = (what: string, name: keyof Visit, unit: string, bar: number) =>
    boundFinding({ row: '12', what: `${route}: ${what}`, unit, ours: of(ours, name) }, bar)
  return [
    script,
    bound('JavaScript gz', 'scriptKilobytes', 'kB', 190),
    bound('LCP', 'largestPaintMs', 'ms', 1_500),
    bound('CLS', 'shift', '', 0.02),
    bound('TBT', 'blockedMs', 'ms', 100),
    bound('INP at a quarter of the CPU', 'slowestAnswerMs', 'ms', 100),
  ]
}
