import type { Socket } from 'node:net'
import { startTcpProxy } from './tcp-proxy.ts'

/**
 * A TCP proxy in front of a real server that can cut and refuse connections for a while, to simulate a failing network.
 */
export async function startBreakableProxy(target: { host: string; port: number }) {
  let broken = false
  let losing: { text: string; left: number; thenBreak: boolean } | undefined
  let silent = false
  const carry = (client: Socket, upstream: Socket) => {
    client.pipe(upstream)
    upstream.pipe(client)
    client.on('data', () => {
      if (silent) upstream.unpipe(client)
    })
    client.on('data', (chunk: Buffer) => {
      if (losing === undefined || losing.left === 0 || !chunk.includes(losing.text)) return
      losing.left--
      const { thenBreak } = losing
      upstream.unpipe(client)
      // The server has carried out the request once it answers.
      upstream.once('data', () => (thenBreak ? lose() : client.destroy())).resume()
    })
  }
  const proxy = await startTcpProxy(target, carry, () => !broken)
  const lose = () => {
    broken = true
    proxy.cut()
  }
  return {
    port: proxy.port,
    break: lose,
    /** From each client's next bytes on, no answer comes and no connection closes. */
    silence() {
      silent = true
    },
    mend() {
      broken = false
      silent = false
      losing = undefined
    },
    /**
     * Cuts connections on which a client sends this text, after the server answered and before the client gets the
     * answer.
     * @param times how many; `thenBreak` breaks everything at the first
     */
    loseAnswerTo(text: string, { times = 1, thenBreak = false } = {}) {
      losing = { text, left: times, thenBreak }
    },
    close: proxy.close,
  }
}
