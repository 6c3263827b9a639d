import net from 'node:net'

/** A TCP proxy in front of a real server, whose connections can be cut and refused for a while: a network that fails. */
export async function startBreakableProxy(target: { host: string; port: number }) {
  const sockets = new Set<net.Socket>()
  let broken = false
  let losing: { text: string; left: number; thenBreak: boolean } | undefined
  let silent = false
  const server = net.createServer((client) => {
    if (broken) return void client.destroy()
    const upstream = net.connect(target)
    for (const [one, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(one)
      one.on('error', () => other.destroy())
      one.on('close', () => {
        sockets.delete(one)
        other.destroy()
      })
      one.pipe(other)
    }
    client.on('data', () => {
      if (silent) upstream.unpipe(client)
    })
    client.on('data', (chunk: Buffer) => {
      if (losing === undefined || losing.left === 0 || !chunk.includes(losing.text)) return
      losing.left--
      const { thenBreak } = losing
      upstream.unpipe(client)
      // The server has done what it was asked once it answers.
      upstream.once('data', () => (thenBreak ? lose() : client.destroy())).resume()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const cut = () => {
    for (const socket of sockets) socket.destroy()
  }
  const lose = () => {
    broken = true
    cut()
  }
  return {
    port: typeof address === 'object' && address ? address.port : 0,
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
     * Cuts connections on which a client sends this text, after the server answered and before the client hears it.
     * @param times how many; `thenBreak` breaks everything at the first
     */
    loseAnswerTo(text: string, { times = 1, thenBreak = false } = {}) {
      losing = { text, left: times, thenBreak }
    },
    async close() {
      cut()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}
