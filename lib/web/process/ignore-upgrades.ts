import { subscribe } from 'node:diagnostics_channel'
import type { Server, Socket } from 'node:net'

/**
 * The portal upgrades no connection. Next's listener would let a stranger's upgrade bypass everything in front of Next
 * and would leave it open without an answer; without that listener the request is answered like any other (RFC 9110,
 * section 7.8). Next's development server needs its own.
 */
export function ignoreUpgrades(): void {
  subscribe('net.server.socket', (message) => {
    const { socket } = message as { socket: Socket & { server?: Server } }
    socket.server?.removeAllListeners('upgrade')
  })
}
