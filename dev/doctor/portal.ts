import { z } from 'zod'
import { checkCertificate, readCertificate } from './certificates.ts'
import { type Area, notAsked } from './check.ts'
import { checkClock } from './clock.ts'
import { bad, doubtful, type Finding, good, skipped } from './finding.ts'
import { resolves } from './names.ts'

const processes = 'docs/own-cluster.md, 4'
const reach = `start web, and route its proxy there (${processes})`

/**
 * Checks that the portal answers with the expected settings.
 * @param readinessUrl web's address for operators; the portal's own address only says whether it is ready
 */
export function portal(portalUrl: string | undefined, readinessUrl?: string): Area {
  const title = 'Portal'
  if (portalUrl === undefined) return notAsked(title, '--portal URL, or SPACEPORT_URL')
  const url = new URL(portalUrl)
  const get = (path: string, signal: AbortSignal) => fetch(new URL(path, url), { redirect: 'manual', signal })
  return {
    title: `Portal ${url.origin}`,
    checks: [
      resolves(url),
      {
        about: 'The portal’s certificate',
        gate: true,
        remedy: reach,
        run: async (signal) =>
          url.protocol === 'https:'
            ? checkCertificate(
                'the portal',
                url,
                await readCertificate(url, undefined, signal),
                `renew it at your proxy; for a CA of your own, set NODE_EXTRA_CA_CERTS here (${processes})`,
              )
            : doubtful(
                'The portal is plain http: for this machine only',
                `terminate TLS in front of it (${processes})`,
              ),
      },
      {
        about: 'The portal',
        remedy: reach,
        run: async (signal) => {
          const answer = await get('/api/healthz', signal)
          const answers = answer.ok
            ? good('The portal answers /api/healthz')
            : bad(`The portal answers /api/healthz with ${answer.status}`, reach)
          return [answers, checkClock('the portal', answer.headers.get('date'))]
        },
      },
      {
        about: 'The portal’s readiness',
        remedy: reach,
        run: async (signal) =>
          readinessUrl === undefined
            ? checkBareReadiness(await get('/api/readyz', signal))
            : checkReadinessOf(await fetch(`${readinessUrl}/api/readyz`, { redirect: 'manual', signal })),
      },
      {
        about: 'The portal’s security headers',
        remedy: reach,
        run: async (signal) => checkHeaders(url, (await get('/', signal)).headers),
      },
    ],
  }
}

const bareReadiness = z.object({ status: z.string(), missing: z.array(z.string()).default([]) })
const readiness = z.object({ status: z.string(), parts: z.record(z.string(), z.string()) })

async function checkBareReadiness(answer: Response): Promise<Finding[]> {
  // An operator may rightly restrict it to monitoring.
  if ([401, 403, 404].includes(answer.status))
    return [skipped(`/api/readyz can’t be reached from here (${answer.status}): give --readiness URL`)]
  const parsed = bareReadiness.safeParse(await answer.json().catch(() => undefined))
  if (!parsed.success) return [bad(`/api/readyz answers ${answer.status}, and not like Spaceport`, reach)]
  const { missing } = parsed.data
  if (!answer.ok) return [bad(`The portal is not ready: ${missing.join(', ')}`, `read web’s log (${processes})`)]
  return [good('The portal is ready'), skipped('Its parts are not asked: give --readiness URL')]
}

async function checkReadinessOf(answer: Response): Promise<Finding[]> {
  const parsed = readiness.safeParse(await answer.json().catch(() => undefined))
  if (!parsed.success) return [bad(`/api/readyz answers ${answer.status}, and not like Spaceport`, reach)]
  const { status, parts } = parsed.data
  const wrong = Object.entries(parts).filter(([, said]) => said !== 'ok')
  const find = answer.ok ? doubtful : bad
  const found = wrong.map(([part, said]) => find(`The portal reports for ${part}: ${said}`, `(${processes})`))
  if (found.length > 0) return found
  return [
    answer.ok
      ? good(`The portal is ready: ${Object.keys(parts).join(', ')}`)
      : bad(`The portal is ${status}`, `read web’s log (${processes})`),
  ]
}

/** Headers that the portal itself sends; a proxy in front may have removed them. */
function checkHeaders(url: URL, headers: Headers): Finding {
  const wanted = ['content-security-policy', 'x-content-type-options', 'referrer-policy']
  if (url.protocol === 'https:') wanted.push('strict-transport-security')
  const missing = wanted.filter((name) => !headers.has(name))
  return missing.length === 0
    ? good('The portal sends its security headers')
    : bad(
        `The portal’s pages come without ${missing.join(', ')}`,
        `have the proxy pass on web’s headers, and add no other server’s (${processes})`,
      )
}
