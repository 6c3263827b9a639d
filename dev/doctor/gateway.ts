import { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { Agent } from 'undici'
import { checkCertificate, readCertificate } from './certificates.ts'
import { type Area, notAsked } from './check.ts'
import { bad, doubtful, type Finding, good } from './finding.ts'
import { resolves } from './names.ts'

const page = 'docs/own-cluster.md, 4'
const reach = `start the gateway, and route its name to it without terminating TLS (${page})`

export type GatewaySettings = {
  url: string | undefined
  /** Paths; empty: not given. */
  caFile: string
  certificateFile: string
  /** A cluster's name, for a request that must be refused. */
  cluster: string
}

/** Checks that the gateway answers kubectl, and refuses unknown credentials. */
export function gateway(settings: GatewaySettings): Area {
  const title = 'Gateway'
  if (settings.url === undefined) return notAsked(title, '--gateway URL, or SPACEPORT_GATEWAY_URL')
  const url = new URL(settings.url)
  const readCa = () => (settings.caFile === '' ? undefined : readFileSync(settings.caFile, 'utf8'))
  return {
    title: `Gateway ${url.origin}`,
    checks: [
      resolves(url),
      {
        about: 'The gateway’s certificate',
        gate: true,
        remedy: reach,
        run: async (signal) => {
          const shown = await readCertificate(url, readCa(), signal)
          const renew = `renew GATEWAY_TLS_CERT; GATEWAY_TLS_CA holds the CA that signs it, or nothing for a public one (${page})`
          const judged = checkCertificate('the gateway', url, shown, renew)
          return [judged, ...checkOwner(settings.certificateFile, shown.fingerprint)]
        },
      },
      {
        about: 'The gateway',
        remedy: reach,
        run: (signal) => askIt(url, settings.cluster, readCa(), signal),
      },
    ],
  }
}

/** A certificate other than the gateway's own means that a proxy terminates TLS. */
function checkOwner(certificateFile: string, fingerprint: string): Finding[] {
  if (certificateFile === '') return []
  const own = new X509Certificate(readFileSync(certificateFile, 'utf8')).fingerprint256
  if (own === fingerprint) return [good('TLS ends at the gateway: it shows the certificate of GATEWAY_TLS_CERT')]
  return [bad('The certificate isn’t that of GATEWAY_TLS_CERT: a proxy in front terminates TLS', reach)]
}

async function askIt(url: URL, cluster: string, ca: string | undefined, signal: AbortSignal): Promise<Finding[]> {
  const agent = new Agent({ connect: { ...(ca !== undefined && { ca }) } })
  const ask = async (path: string, headers: Record<string, string> = {}) => {
    const answer = await agent.request({ origin: url.origin, path, method: 'GET', headers, signal })
    await answer.body.dump()
    return answer
  }
  try {
    const healthy = await ask('/healthz')
    const stranger = await ask(`/clusters/${encodeURIComponent(cluster)}/version`, {
      authorization: 'Bearer no-credential-spaceport-doctor',
    })
    const proxies = ['server', 'via', 'x-served-by', 'x-envoy-upstream-service-time'].filter(
      (name) => healthy.headers[name] !== undefined,
    )
    return [
      healthy.statusCode === 200
        ? good('The gateway answers /healthz')
        : bad(`The gateway answers /healthz with ${healthy.statusCode}`, reach),
      stranger.statusCode === 401
        ? good('It refuses an unknown credential')
        : bad(`It answers an unknown credential with ${stranger.statusCode} instead of 401`, reach),
      ...(proxies.length > 0
        ? [doubtful(`Its answers have headers of a proxy (${proxies.join(', ')}), which seems to terminate TLS`, reach)]
        : []),
    ]
  } finally {
    await agent.close()
  }
}
