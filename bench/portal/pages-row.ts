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

/** Row 8: the page of spaces and its search, with 10,000 spaces against 100, each portal on one core. */
export async function measurePages(context: BenchContext): Promise<Finding[]> {
  const [many, few] = [await startPortal(context, 10_000), await startPortal(context, 100)]
  const pages = [
    { name: 'list, of a member', path: '/', who: 'member' },
    { name: 'list, of an admin', path: '/', who: 'admin' },
    { name: 'newest first, of an admin', path: '/?sort=created&order=desc', who: 'admin' },
    // Both sides find as many spaces as fit on the page, or one.
    { name: 'search that all fit, of an admin', path: '/?search=team', who: 'admin' },
    { name: 'search that one fits, of an admin', path: '/?search=space-000042', who: 'admin' },
    { name: 'search, of a member', path: '/?search=shop', who: 'member' },
  ] as const
  const findings: Finding[] = []
  for (const { name, path, who } of pages) {
    context.say(`row 8: ${name}`)
    const load = (portal: Portal) => (): Promise<Load> =>
      context.generate({
        url: portal.url + path,
        headers: [`Cookie: spaceport-session=${portal.sessions[who]}`, 'User-Agent: bench'],
        connections,
        seconds: 1,
      })
    for (const portal of [many, few]) await load(portal)()
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
    )
  }
  return findings
}

type Portal = { url: string; sessions: Record<'member' | 'admin', string> }

async function startPortal(context: BenchContext, spaces: number): Promise<Portal> {
  const { stack, dir, cleanup, placement, surroundings } = context
  const seeded = await seedSpaces(stack, `bench_portal_${spaces}`, spaces)
  const { web: port } = await freePorts('web')
  const url = `http://127.0.0.1:${port}`
  const service = await startService({
    name: `portal with ${spaces} spaces`,
    ...onContenderCore(placement, { command: launcher, args: ['web'] }),
    env: { ...stack.env.web, DATABASE_URL: seeded.urls.web, PORT: String(port) },
    cwd: projectRoot,
    logFile: join(dir, `web-${spaces}.log`),
    readyUrl: `${url}/api/readyz`,
    onCrash: () => {},
  })
  await cleanup.add('services', () => service.stop())
  surroundings.addContender(service.pid())
  return {
    url,
    sessions: {
      member: await openSession(seeded.ownerUrl, seeded.memberId),
      admin: await openSession(seeded.ownerUrl, seeded.adminId),
    },
  }
}
