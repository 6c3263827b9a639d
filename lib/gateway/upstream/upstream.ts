/**
 * One cluster's API server: two pools of connections, verified TLS, and the gateway's own credential.
 * HTTP/1.1, one request at a time per connection: measured cheaper in Node than HTTP/2, and a request that hangs holds up
 * no other.
 */
import { readFileSync } from 'node:fs'
import type https from 'node:https'
import { checkServerIdentity } from 'node:tls'
import { Pool } from 'undici'
import { createInFlight, type InFlight } from '#lib/gateway/request/in-flight.ts'
import type { ClusterEndpoint } from './kubeconfig.ts'

/** Of requests that end by themselves; more wait their turn. */
const mostConnections = 256
const tokenFreshMs = 30_000

export type Upstream = {
  name: string
  /** For requests that end by themselves. */
  requests: Pool
  /** For watches and followed logs: bounded per person alone, or they would hold each other up. */
  streams: Pool
  /** Prefix of every path, for an API server that is not at its host's root; no slash at the end. */
  basePath: string
  /** @returns header name and value of the gateway's own credential; empty when it is a client certificate */
  credential(): readonly string[]
  /** Called when the API server did not accept the credential: it may have been rotated. */
  credentialRefused(): void
  /** What each person has under way here. */
  inFlight: InFlight
  /** Options of a connection of its own, for upgrades. */
  connection: https.RequestOptions
  close(): Promise<void>
}

/** @param monotonic milliseconds of a clock that never jumps */
export function createUpstream(endpoint: ClusterEndpoint, monotonic: () => number): Upstream {
  const url = new URL(endpoint.server)
  const tls = {
    ...(endpoint.ca !== undefined && { ca: endpoint.ca }),
    ...(endpoint.certificate !== undefined && { cert: endpoint.certificate }),
    ...(endpoint.key !== undefined && { key: endpoint.key }),
    ...(endpoint.serverName !== undefined && { servername: endpoint.serverName }),
    rejectUnauthorized: true,
  }
  const options: Pool.Options = {
    allowH2: false,
    pipelining: 1,
    // Below the API server's own 90 s, so that no request meets a connection that is just being closed.
    keepAliveTimeout: 45_000,
    keepAliveMaxTimeout: 45_000,
    maxHeaderSize: 64 * 1024,
    connect: { ...tls, timeout: 5_000, keepAlive: true, keepAliveInitialDelay: 30_000 },
  }
  let credential: readonly string[] = []
  let readAt = Number.NEGATIVE_INFINITY
  const bearer = (token: string) => ['Authorization', `Bearer ${token}`] as const

  function readCredential(): readonly string[] {
    if (endpoint.tokenFile !== undefined && monotonic() - readAt > tokenFreshMs) {
      readAt = monotonic()
      try {
        credential = bearer(readFileSync(endpoint.tokenFile, 'utf8').trim())
      } catch (error) {
        // While it is being replaced the one before counts still; the API server says when it does not.
        if (credential.length === 0) throw error
      }
    }
    return credential
  }
  if (endpoint.tokenFile === undefined && endpoint.token !== undefined) credential = bearer(endpoint.token)
  readCredential()

  const requests = new Pool(url.origin, { ...options, connections: mostConnections })
  const streams = new Pool(url.origin, { ...options, connections: null })
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
    connection: {
      host: url.hostname.replace(/^\[|\]$/g, ''),
      port: url.port === '' ? 443 : Number(url.port),
      agent: false,
      ...tls,
      ...(endpoint.serverName !== undefined && {
        checkServerIdentity: (_host, cert) => checkServerIdentity(endpoint.serverName ?? '', cert),
      }),
    },
    async close() {
      await Promise.all([requests.destroy(), streams.destroy()])
    },
  }
}
