import { subscribe } from 'node:diagnostics_channel'
import type { IncomingMessage, Server } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'

type Upgraded = Server & { shouldUpgradeCallback?: (request: IncomingMessage) => boolean }

/**
 * Upgrades only the portal's own connections. Next's listener would let others bypass everything in front of Next, and
 * leave them open without a response; they are answered like ordinary requests (RFC 9110, section 7.8). Next's
 * development server needs its own listener for them.
 * @param isOurs decides by the request's head
 * @param others whether Next's own listener gets the rest
 */
export function interceptUpgrades(
  isOurs: (request: IncomingMessage) => boolean,
  answer: (request: IncomingMessage, client: Duplex, head: Buffer) => void,
  { others }: { others: boolean },
): void {
  const ours = (request: IncomingMessage, client: Duplex, head: Buffer) => answer(request, client, head)
  const known = new WeakMap<Server, (request: IncomingMessage, client: Duplex, head: Buffer) => void>()
  subscribe('net.server.socket', (message) => {
    const { server } = (message as { socket: Socket & { server?: Upgraded } }).socket
    if (!server) return
    const mine = known.get(server)
    const rest = server.listeners('upgrade').filter((listener) => listener !== mine)
    if (mine && rest.length === 0) return
    server.removeAllListeners('upgrade')
    const listener = !others
      ? ours
      : (request: IncomingMessage, client: Duplex, head: Buffer) => {
          if (isOurs(request)) ours(request, client, head)
          else for (const one of rest) Reflect.apply(one, server, [request, client, head])
        }
    known.set(server, listener)
    server.on('upgrade', listener)
    if (!others) server.shouldUpgradeCallback = isOurs
  })
}
