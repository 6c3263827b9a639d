import net from 'node:net'

/**
 * A TCP proxy in front of a real server, on a free port of 127.0.0.1. When one end of a connection closes, so does the
 * other.
 * @param carry copies bytes between the two ends of a new connection
 * @param admits whether to accept a new connection; otherwise it is closed
 */
export async function startTcpProxy(
  target: { host: string; port: number },
  carry: (client: net.Socket, upstream: net.Socket) => void,
  admits: () => boolean = () => true,
) {
  const sockets = new Set<net.Socket>()
  const server = net.createServer((client) => {
    if (!admits()) return void client.destroy()
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
    }
    carry(client, upstream)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const cut = () => {
    for (const socket of sockets) socket.destroy()
  }
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    /** Closes every connection. */
    cut,
    async close() {
      cut()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}
