import net from 'node:net'

/** A TCP proxy in front of a real server, whose connections can be cut and refused for a while: a network that fails. */
export async function startBreakableProxy(target: { host: string; port: number }) {
  const sockets = new Set<net.Socket>()
  let broken = false
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
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const cut = () => {
    for (const socket of sockets) socket.destroy()
  }
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    break() {
      broken = true
      cut()
    },
    mend() {
      broken = false
    },
    async close() {
      cut()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}
