import net from 'node:net'

/** How long a connection may wait for a target, and the retry interval, in milliseconds. */
const patienceMs = 10_000
const pauseMs = 100

/**
 * A TCP balancer, as in front of two replicas: each new connection goes to the next target that accepts it. A drained
 * target gets no new connections and keeps its existing ones.
 * @param port of 127.0.0.1 to listen on
 * @param targets ports of 127.0.0.1
 */
export async function startBalancer(port: number, targets: readonly number[]) {
  let all = [...targets]
  const out = new Set<number>()
  const sockets = new Set<net.Socket>()
  let turn = 0

  const connect = async (until: number): Promise<net.Socket | undefined> => {
    for (;;) {
      const ready = all.filter((target) => !out.has(target))
      for (let tried = 0; tried < ready.length; tried++) {
        const target = ready[turn++ % ready.length]
        const socket = target === undefined ? undefined : await open(target)
        if (socket !== undefined) return socket
      }
      if (Date.now() > until) return undefined
      await new Promise((resolve) => setTimeout(resolve, pauseMs))
    }
  }
  const server = net.createServer({ pauseOnConnect: true }, async (client) => {
    track(client, sockets)
    const upstream = await connect(Date.now() + patienceMs)
    if (upstream === undefined || client.destroyed) {
      client.destroy()
      upstream?.destroy()
      return
    }
    track(upstream, sockets)
    client.on('close', () => upstream.destroy())
    upstream.on('close', () => client.destroy())
    client.pipe(upstream)
    upstream.pipe(client)
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  return {
    /** Sends it no new connections. */
    takeOut: (target: number) => void out.add(target),
    bringBack: (target: number) => void out.delete(target),
    /** Sends it no new connections, and closes the existing ones. */
    moveTo(others: readonly number[]) {
      all = [...others]
      for (const socket of sockets) socket.destroy()
    },
    async close() {
      for (const socket of sockets) socket.destroy()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}
export type Balancer = Awaited<ReturnType<typeof startBalancer>>

const open = (port: number) =>
  new Promise<net.Socket | undefined>((resolve) => {
    const socket = net.connect(port, '127.0.0.1')
    socket.once('connect', () => resolve(socket))
    socket.once('error', () => resolve(undefined))
  })

function track(socket: net.Socket, sockets: Set<net.Socket>): void {
  sockets.add(socket)
  socket.setNoDelay(true)
  socket.on('error', () => socket.destroy())
  socket.on('close', () => sockets.delete(socket))
}
