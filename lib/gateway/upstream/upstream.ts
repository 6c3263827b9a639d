/**
 * One cluster's API server: two pools of connections, verified TLS, and the gateway's own credential. HTTP/1.1, one
 * request at a time per connection: measured as cheaper in Node than HTTP/2, and a hanging request holds up no other.
 */
import { isIP } from 'node:net'
import tls from 'node:tls'
import { isDeepStrictEqual } from 'node:util'
import { onlyHttp1 } from '#lib/gateway/connection/only-http1.ts'
import { createInFlight, type InFlight } from '#lib/gateway/request/in-flight.ts'
import type { TlsTexts } from '#lib/kubeconfig/cluster-access.ts'
import type { Logger } from '#lib/observability/logger.ts'
import type { ClusterEndpoint } from './cluster-endpoint.ts'
import type { RecycledBlocks } from './recycled-blocks.ts'
import { createUpstreamPool, type UpstreamPool } from './upstream-pool.ts'

/** For finite requests; more wait their turn. */
const maxConnections = 256
/** Less than the API server's own 90 s, so that no request meets a closing connection. */
const idleSeconds = 45
const tokenFreshMs = 30_000
const rereadMs = 5_000

export type Upstream = {
  name: string
  /** For finite requests. */
  requests: UpstreamPool
  /** For watches and followed logs: limited only per person, or they would hold each other up. */
  streams: UpstreamPool
  /** Prefix of every path, for an API server that is not at its host's root; no trailing slash. */
  basePath: string
  /** Header name and value of the gateway's own credential; empty for a client certificate. */
  credential(): readonly string[]
  /** Called when the API server rejected the credential: it may have been rotated. */
  credentialRefused(): void
  inFlight: InFlight
  /** Host and port, as in the Host header. */
  authority: string
  /** For a separate connection, for an upgrade. */
  connection(): tls.ConnectionOptions
  close(): void
}

export type UpstreamParts = {
  /** Milliseconds of a clock that never jumps. */
  monotonic: () => number
  blocks: RecycledBlocks
  log: Logger
}

/**
 * Follows the files of the endpoint's authority, client certificate and token.
 * @throws Error when no TLS connection can be made with them
 */
export function createUpstream(endpoint: ClusterEndpoint, { monotonic, blocks, log }: UpstreamParts): Upstream {
  const url = new URL(endpoint.server)
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const servername = endpoint.serverName ?? (isIP(host) === 0 ? host : undefined)
  const connectionWith = (texts: TlsTexts): tls.ConnectionOptions => ({
    host,
    port: url.port === '' ? 443 : Number(url.port),
    ALPNProtocols: onlyHttp1,
    rejectUnauthorized: true,
    // One for all connections: Node would make one for each, and parse the certificates again.
    secureContext: tls.createSecureContext(texts),
    // The certificate is checked against this, or against the host if undefined.
    ...(servername !== undefined && { servername }),
  })
  let texts = endpoint.tls()
  let fault = ''
  let connection = connectionWith(texts)
  let credential: readonly string[] = []
  let readAt = Number.NEGATIVE_INFINITY

  function readCredential(): readonly string[] {
    if (monotonic() - readAt > tokenFreshMs) {
      readAt = monotonic()
      const token = endpoint.token()
      credential = token === undefined ? [] : ['Authorization', `Bearer ${token}`]
    }
    return credential
  }

  const pool = { authority: url.host, connection, blocks, idleSeconds }
  const requests = createUpstreamPool({ ...pool, maxConnections })
  const streams = createUpstreamPool({ ...pool, maxConnections: undefined })

  function reread(): void {
    try {
      const found = endpoint.tls()
      fault = ''
      if (isDeepStrictEqual(found, texts)) return
      connection = connectionWith(found)
      texts = found
    } catch (error) {
      // Once per fault.
      if (String(error) === fault) return
      fault = String(error)
      log.warn(
        { error, cluster: endpoint.name },
        'the files for connections to a cluster can’t be used; the previous ones stay in use',
      )
      return
    }
    requests.renew(connection)
    streams.renew(connection)
    log.info({ cluster: endpoint.name }, 'connections to a cluster are made with new files')
  }
  const rereading = setInterval(reread, rereadMs).unref()
  return {
    name: endpoint.name,
    requests,
    streams,
    basePath: url.pathname.replace(/\/+$/, ''),
    credential: readCredential,
    inFlight: createInFlight(),
    credentialRefused: () => {
      readAt = Number.NEGATIVE_INFINITY
    },
    authority: url.host,
    connection: () => connection,
    close() {
      clearInterval(rereading)
      requests.close()
      streams.close()
    },
  }
}
