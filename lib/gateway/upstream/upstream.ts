/**
 * One cluster's API server: two pools of connections, verified TLS, and the gateway's own credential. HTTP/1.1, one
 * request at a time per connection: measured as cheaper in Node than HTTP/2, and a hanging request holds up no other.
 */
import { isIP } from 'node:net'
import tls from 'node:tls'
import { onlyHttp1 } from '#lib/gateway/connection/only-http1.ts'
import { createInFlight, type InFlight } from '#lib/gateway/request/in-flight.ts'
import type { ClusterEndpoint } from './cluster-endpoint.ts'
import type { RecycledBlocks } from './recycled-blocks.ts'
import { createUpstreamPool, type UpstreamPool } from './upstream-pool.ts'

/** For requests that end by themselves; more wait their turn. */
const maxConnections = 256
/** Less than the API server's own 90 s, so that no request is sent on a connection that is just being closed. */
const idleSeconds = 45
const tokenFreshMs = 30_000

export type Upstream = {
  name: string
  /** For requests that end by themselves. */
  requests: UpstreamPool
  /** For watches and followed logs: bounded only per person, or they would hold each other up. */
  streams: UpstreamPool
  /** Prefix of every path, for an API server that is not at its host's root; no trailing slash. */
  basePath: string
  /** @returns header name and value of the gateway's own credential; empty for a client certificate */
  credential(): readonly string[]
  /** Called when the API server rejected the credential: it may have been rotated. */
  credentialRefused(): void
  /** The requests of each person under way here. */
  inFlight: InFlight
  /** Host and port, as in the Host header. */
  authority: string
  /** Options for separate connections, for upgrades. */
  connection: tls.ConnectionOptions
  close(): void
}

/**
 * @param monotonic milliseconds of a clock that never jumps
 * @param blocks the buffers for the bodies of answers
 */
export function createUpstream(endpoint: ClusterEndpoint, monotonic: () => number, blocks: RecycledBlocks): Upstream {
  const url = new URL(endpoint.server)
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const servername = endpoint.serverName ?? (isIP(host) === 0 ? host : undefined)
  const connection: tls.ConnectionOptions = {
    host,
    port: url.port === '' ? 443 : Number(url.port),
    ALPNProtocols: onlyHttp1,
    rejectUnauthorized: true,
    // One for all connections: Node would make one for each, and parse the certificates again.
    secureContext: tls.createSecureContext(endpoint.tls),
    // The certificate is checked against this, or against the host if undefined.
    ...(servername !== undefined && { servername }),
  }
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
    connection,
    close() {
      requests.close()
      streams.close()
    },
  }
}
