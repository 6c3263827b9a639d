import { once } from 'node:events'
import { createServer, type Server } from 'node:net'

const listen = async (port: number): Promise<Server> => {
  const server = createServer()
  server.listen({ port, host: '127.0.0.1', exclusive: true })
  await once(server, 'listening')
  return server
}

const portOf = (server: Server): number => {
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('a TCP server has no port')
  return address.port
}

const close = (server: Server) => new Promise<void>((resolve) => server.close(() => resolve()))

/**
 * Picks a free port of 127.0.0.1 for each name. They are all held until the last one is found, so they differ; nobody
 * holds them afterwards.
 */
export async function freePorts<const Name extends string>(...names: readonly Name[]): Promise<Record<Name, number>> {
  const servers = await Promise.all(names.map(() => listen(0)))
  const ports: Partial<Record<Name, number>> = {}
  for (const [index, name] of names.entries()) {
    const server = servers[index]
    if (server !== undefined) ports[name] = portOf(server)
  }
  await Promise.all(servers.map(close))
  // Every name got a server, and so a port.
  return ports as Record<Name, number>
}

/** @returns whether nobody listens on the port of 127.0.0.1 */
export async function isFree(port: number): Promise<boolean> {
  try {
    await close(await listen(port))
    return true
  } catch {
    return false
  }
}
