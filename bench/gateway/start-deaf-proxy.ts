import net from 'node:net'

/**
 * A TCP proxy in front of Postgres that can drop notifications: a connection that has sent LISTEN receives nothing
 * more, but stays open. All other connections work as before.
 */
export async function startDeafProxy(target: { host: string; port: number }) {
  const listening = new Map<net.Socket, net.Socket>()
  const sockets = new Set<net.Socket>()
  let deaf = false
  const server = net.createServer((client) => {
    const postgres = net.connect(target)
    for (const [one, other] of [
      [client, postgres],
      [postgres, client],
    ] as const) {
      sockets.add(one)
      one.on('error', () => other.destroy())
      one.on('close', () => {
        sockets.delete(one)
        listening.delete(client)
        other.destroy()
      })
      one.pipe(other)
    }
    client.on('data', (chunk: Buffer) => {
      if (!chunk.includes('LISTEN')) return
      listening.set(client, postgres)
      if (deaf) postgres.unpipe(client)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    deafen(): void {
      deaf = true
      for (const [client, postgres] of listening) postgres.unpipe(client)
    },
    async close(): Promise<void> {
      for (const socket of sockets) socket.destroy()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}
