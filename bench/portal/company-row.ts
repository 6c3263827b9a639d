import { join } from 'node:path'
import type { BenchContext } from '#bench/bench-context.ts'
import { boundFinding, type Finding } from '#bench/figures/finding.ts'
import { openSession } from '#bench/scene/scene.ts'
import { seedCompany } from '#bench/scene/seed-company.ts'
import { freePorts } from '#dev/ports/free-ports.ts'
import { launcher, projectRoot } from '#dev/project-root.ts'
import { startService } from '#dev/stack/service.ts'
import { pageRoutes } from '#e2e/fixtures/routes.ts'

/** Milliseconds in which every page opens on the server. */
const maxMs = 200
const loads = 25

/** What people look for on pages that search. */
const searches = [
  '/?search=space-4242',
  '/admin/people?search=4242',
  '/admin/credentials?search=4242',
  '/admin/access?by=space&search=space-4242',
  '/admin/access?person=[handle]',
  '/admin/access?space=[name]',
  '/admin/reviews/[id]?search=space-4242',
  '/audit?action=session.sign-in',
  '/audit?space=[name]',
  '/audit?person=[handle]',
  '/audit?text=web-42',
]

/** Row company: each page, as it is loaded by an admin where 10,000 people work. */
export async function measureCompany(context: BenchContext): Promise<Finding[]> {
  const { stack, dir, cleanup, trailRows, say } = context
  say(`row company: filling a database, with ${trailRows} rows in the trail`)
  const company = await seedCompany(stack, 'bench_company', trailRows)
  const { web: port } = await freePorts('web')
  const url = `http://127.0.0.1:${port}`
  const service = await startService({
    name: 'portal of a company',
    command: launcher,
    args: ['web'],
    env: { ...stack.env.web, DATABASE_URL: company.urls.web, PORT: String(port) },
    cwd: projectRoot,
    logFile: join(dir, 'web-company.log'),
    readyUrl: `${url}/api/readyz`,
    onCrash: () => {},
  })
  await cleanup.add('services', () => service.stop())
  const cookie = `spaceport-session=${await openSession(company.ownerUrl, company.adminId)}`
  const { handle, space, request } = company.person
  const findings: Finding[] = []
  for (const route of [...pageRoutes.filter((one) => one !== '/sign-in'), ...searches]) {
    const id = route.startsWith('/admin/reviews') ? company.review : request
    const path = route.replace('[name]', space).replace('[id]', id).replace('[handle]', handle)
    const times: number[] = []
    for (let load = 0; load <= loads; load++) {
      const began = performance.now()
      const answer = await fetch(url + path, { headers: { cookie }, redirect: 'manual' })
      await answer.arrayBuffer()
      if (answer.status !== 200 && answer.status !== 307)
        throw new Error(`${path} answered ${answer.status}\n${service.tail()}`)
      // The first load compiles the page.
      if (load > 0) times.push(performance.now() - began)
    }
    findings.push(
      boundFinding({ row: 'company', what: `${route}: one load after another`, unit: 'ms', ours: times }, maxMs),
    )
  }
  return findings
}
