import { join } from 'node:path'
import { type BenchContext, rounds } from '#bench/bench-context.ts'
import { boundFinding, type Finding, ratioFinding } from '#bench/figures/finding.ts'
import { inRounds } from '#bench/figures/rounds.ts'
import { median, percentile } from '#bench/figures/statistics.ts'
import type { Load } from '#bench/load/load.ts'
import { onContenderCore } from '#bench/machine/cores.ts'
import { openSession } from '#bench/scene/scene.ts'
import { seedSpaces } from '#bench/scene/seed-spaces.ts'
import { freePorts } from '#dev/ports/free-ports.ts'
import { launcher, projectRoot } from '#dev/project-root.ts'
import { startService } from '#dev/stack/service.ts'

const connections = 8
/** Milliseconds of CPU for rows alone; a whole page’s are only reported. */
const maxRowsMs = 2

/**
 * Row 8: the list of spaces with 10,000 spaces against 100, each portal on one core: the whole page on its first load,
 * and the rows that the portal requests on sorting, paging or searching.
 */
export async function measurePages(context: BenchContext): Promise<Finding[]> {
  const [many, few] = [await startPortal(context, 10_000), await startPortal(context, 100)]
  const pages = [
    { name: 'page, of a member', path: '/', who: 'member' },
    { name: 'page, of an admin', path: '/', who: 'admin' },
    { name: 'rows newest first, of an admin', path: '/api/rows/spaces?sort=created&order=desc', who: 'admin' },
    { name: 'rows of a later page, of an admin', path: '/api/rows/spaces?page=3', who: 'admin' },
    // Both sides find a full page of spaces, or one.
    { name: 'rows of a search that all fit, of an admin', path: '/api/rows/spaces?search=team', who: 'admin' },
    { name: 'rows of a search that one fits, of an admin', path: '/api/rows/spaces?search=space-000042', who: 'admin' },
    { name: 'rows of a search, of a member', path: '/api/rows/spaces?search=shop', who: 'member' },
  ] as const
  const findings: Finding[] = []
  for (const { name, path, who } of pages) {
    context.say(`row 8: ${name}`)
    const load = (portal: Portal, warmUpSeconds?: number) => (): Promise<Load> =>
      context.generate({
        url: portal.url + path,
        headers: [`Cookie: spaceport-session=${portal.sessions[who]}`, 'User-Agent: bench'],
        connections,
        seconds: 1,
        pids: [portal.pid],
        ...(warmUpSeconds !== undefined && { warmUpSeconds }),
      })
    // Code that is still being compiled isn't representative.
    for (const portal of [many, few]) await load(portal, 3)()
    const results = await inRounds(rounds, { many: load(many), few: load(few) })
    const middle = (loads: Load[]) => loads.map(({ whole }) => median(whole))
    findings.push(
      ratioFinding(
        {
          row: '8',
          what: `${name}, c=8, one core: p50, 10,000 against 100 spaces`,
          unit: 'ms',
          ours: middle(results.many),
          reference: middle(results.few),
        },
        { max: 1.15 },
      ),
      boundFinding(
        {
          row: '8',
          what: `${name}, c=8, one core: p99 with 10,000 spaces`,
          unit: 'ms',
          ours: results.many.map(({ whole }) => percentile(whole, 0.99)),
        },
        60,
      ),
      boundFinding(
        {
          row: '8',
          what: `${name}: CPU per request with 10,000 spaces`,
          unit: 'ms',
          ours: results.many.map(({ processorMicros }) => processorMicros / 1_000),
        },
        path.startsWith('/api/') ? maxRowsMs : undefined,
      ),
    )
  }
  return findings
}

type Portal = { url: string; pid: number; sessions: Record<'member' | 'admin', string> }

async function startPortal(context: BenchContext, spaces: number): Promise<Portal> {
  const { stack, dir, cleanup, placement, surroundings } = context
  const seeded = await seedSpaces(stack, `bench_portal_${spaces}`, spaces)
  const { web: port } = await freePorts('web')
  const url = `http://127.0.0.1:${port}`
  const service = await startService({
    name: `portal with ${spaces} spaces`,
    ...onContenderCore(placement, { command: launcher, args: ['web'] }),
    env: { ...stack.env.web, DATABASE_URL: seeded.urls.web, PORT: String(port), WEB_ADMIN_LISTEN: '' },
    cwd: projectRoot,
    logFile: join(dir, `web-${spaces}.log`),
    readyUrl: `${url}/api/readyz`,
    onCrash: () => {},
  })
  await cleanup.add('services', () => service.stop())
  surroundings.addContender(service.pid())
  return {
    url,
    pid: service.pid(),
    sessions: {
      member: await openSession(seeded.ownerUrl, seeded.memberId),
      admin: await openSession(seeded.ownerUrl, seeded.adminId),
    },
  }
}
