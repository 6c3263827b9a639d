/**
 * Readiness and metrics for operators, on their own address: the ports for kubectl and browsers must not reveal
 * cluster, database or load data to strangers. Plain HTTP without authentication, so only internal networks should
 * reach it.
 */

import type { ServerResponse } from 'node:http'
import http from 'node:http'
import { listenOn } from './listen-on.ts'
import type { Logger } from './logger.ts'

const maxConnections = 100

/** @returns false for an unknown path */
export type Health = (url: string, response: ServerResponse) => Promise<boolean>

/** @param address host:port; empty: no admin server */
export async function startAdminServer(
  address: string,
  health: Health,
  log: Logger,
): Promise<{ port: number | undefined; stop(): void }> {
  if (address === '') return { port: undefined, stop: () => {} }
  const server = http.createServer({
    headersTimeout: 5_000,
    requestTimeout: 10_000,
    connectionsCheckingInterval: 5_000,
    keepAliveTimeout: 65_000,
  })
  server.maxConnections = maxConnections
  server.on('request', (request, response) => {
    response.on('error', () => response.destroy())
    // No endpoint takes a body.
    if (request.method !== 'GET') return void response.writeHead(405, { Allow: 'GET', Connection: 'close' }).end()
    health(request.url ?? '', response).then(
      (answered) => {
        if (!answered) response.writeHead(404).end()
      },
      (error: unknown) => {
        log.error({ error }, 'a health check failed')
        response.destroy()
      },
    )
  })
  const port = await listenOn(server, address)
  return {
    port,
    stop() {
      server.close()
      server.closeAllConnections()
    },
  }
}
