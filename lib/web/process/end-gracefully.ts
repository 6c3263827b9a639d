import 'server-only'
import { subscribe } from 'node:diagnostics_channel'
import type { Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { announceEnding, processEnding } from './ending.ts'

type Started = { server: Server; response: ServerResponse }

/** How long requests and shells may continue, in milliseconds; less than the kubelet's grace period (deploy/chart). */
const graceMs = 20_000

/**
 * On a termination signal, finishes what has begun, ends each connection after its response, and closes the services
 * last. Next would close only its server (NEXT_MANUAL_SIG_HANDLE in bin/spaceport keeps it from exiting before that).
 */
export function endGracefully(closeServices: () => Promise<void>): void {
  const servers = new Set<Server>()
  subscribe('http.server.request.start', (message) => {
    const { server, response } = message as Started
    servers.add(server)
    if (processEnding().aborted) response.shouldKeepAlive = false
  })
  subscribe('http.server.response.finish', (message) => {
    // The response's head has already promised keep-alive.
    if (processEnding().aborted) (message as { socket: Socket }).socket.end()
  })
  const end = async () => {
    announceEnding()
    const closed = [...servers].map((server) => new Promise<void>((resolve) => void server.close(() => resolve())))
    await Promise.race([Promise.all(closed), sleep(graceMs)])
    await closeServices()
    process.exit(0)
  }
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void end())
}
