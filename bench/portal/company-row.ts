import { join } from 'node:path'
import type { BenchContext } from '#bench/bench-context.ts'
import { boundFinding, type Finding } from '#bench/figures/finding.ts'
import { openSession } from '#bench/scene/scene.ts'
import { seedCompany } from '#bench/scene/seed-company.ts'
import { freePorts } from '#dev/ports/free-ports.ts'
import { launcher, projectRoot } from '#dev/project-root.ts'
import { startService } from '#dev/stack/service.ts'
import { ownerSql } from '#dev/testing/database/owner-sql.ts'
import { pageRoutes } from '#e2e/fixtures/routes.ts'

/** The bar for every page on the server, in milliseconds. */
const maxMs = 200
const loads = 25

/** The search texts of pages with a search. */
const searches = [
  '/?search=space-4242',
  '/admin/people?search=4242',
  '/api/rows/search?text=4242',
  '/api/rows/search?text=p',
  '/admin/credentials?search=4242',
  '/admin/reviews/[id]?search=space-4242',
  '/audit?action=session.sign-in',
  '/audit?space=[name]',
  '/audit?person=[handle]',
  '/audit?text=web-42',
  '/audit?person=person',
  '/audit?person=[handle]&action=kubectl.delete',
  '/audit?space=[name]&outcome=failed',
  '/audit?space=nowhere',
  '/audit?action=kubectl.',
  '/audit?action=policy.change',
  '/audit?action=kubectl.exec&outcome=refused',
  '/audit?outcome=ok',
  '/audit?outcome=refused',
  '/audit?outcome=failed',
  '/audit?outcome=unknown',
  '/audit?text=kubectl',
  '/audit?text=k',
  '/audit?text=zebra',
  '/audit?text=nothing-like-it',
  '/audit?text=web-42+10.1.2.17',
  '/audit?text=web-42+web-43',
  '/audit?text=[request]',
  '/audit?text=[event]',
  '/audit?route=around',
  '/audit?until=[day]',
  '/audit?from=[day]&text=web-42',
  '/audit?until=[day]&text=zebra&outcome=ok',
  '/audit?before=[seq]',
]

/** Row company: each page, as an admin loads it where 10,000 people work. */
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
    env: { ...stack.env.web, DATABASE_URL: company.urls.web, PORT: String(port), WEB_ADMIN_LISTEN: '' },
    cwd: projectRoot,
    logFile: join(dir, 'web-company.log'),
    readyUrl: `${url}/api/readyz`,
    onCrash: () => {},
  })
  await cleanup.add('services', () => service.stop())
  const cookie = `spaceport-session=${await openSession(company.ownerUrl, company.adminId)}`
  const { handle, space, request } = company.person
  const [old] = await ownerSql(
    company.ownerUrl,
    `SELECT seq::text AS seq, id::text AS event, request_id AS request, left(at::text, 10) AS day FROM audit_event
     WHERE intent_id IS NULL AND seq >= (SELECT min(seq) + $1::bigint / 3 FROM audit_event WHERE seq > 0) ORDER BY seq LIMIT 1`,
    [trailRows],
  )
  const [own] = await ownerSql(
    company.ownerUrl,
    `SELECT (SELECT k.id::text FROM credential k WHERE k.user_id = p.id LIMIT 1) AS credential,
       (SELECT s.id::text FROM space s WHERE s.owner_id = p.id LIMIT 1) AS space FROM user_account p WHERE p.handle = $1`,
    [handle],
  )
  const ids: Readonly<Record<string, unknown>> = {
    '/admin/reviews/[id]': company.review,
    '/audit/credentials/[id]': own?.credential,
    '/audit/events/[id]': old?.event,
    '/audit/spaces/[id]': own?.space,
  }
  const findings: Finding[] = []
  for (const route of [...pageRoutes.filter((one) => one !== '/sign-in'), ...searches]) {
    const [page = route] = route.split('?')
    const path = route
      .replace('[name]', space)
      .replace('[id]', String(ids[page] ?? request))
      .replace('[handle]', handle)
      .replace(/\[(seq|event|request|day)\]/, (_, name: string) => String(old?.[name]))
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
