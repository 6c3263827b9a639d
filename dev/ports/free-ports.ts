import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type Server } from 'node:net'

const listen = async (port: number): Promise<Server> => {
  const server = createServer()
  server.listen({ port, host: '127.0.0.1', exclusive: true })
  await once(server, 'listening')
  return server
}

/**
 * Below the systems' ephemeral ports, which any process might take before one is used. Processes that pick at the same
 * time, such as the workers of a test run, have a range each. Browsers connect to all of these.
 */
const range = { first: 11_000 + (Number(process.env.VITEST_POOL_ID ?? process.pid) % 8) * 2_500, ports: 2_500 }
const maxTries = 500
const picked = new Set<number>()

/** Another port each time. */
async function listenOnFree(): Promise<Server> {
  for (let tries = 1; ; tries++) {
    const port = range.first + randomInt(range.ports)
    if (picked.has(port) && tries < maxTries) continue
    picked.add(port)
    try {
      return await listen(port)
    } catch (error) {
      if (tries >= maxTries) throw error
    }
  }
}

const portOf = (server: Server): number => {
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('a TCP server has no port')
  return address.port
}

const close = (server: Server) => new Promise<void>((resolve) => server.close(() => resolve()))

/**
 * Picks a free port of 127.0.0.1 for each name. All are held until the last one is found, so they differ; they are
 * released before returning.
 * @throws Error when none of many is free
 */
export async function freePorts<const Name extends string>(...names: readonly Name[]): Promise<Record<Name, number>> {
  const servers = await Promise.all(names.map(listenOnFree))
  const ports: Partial<Record<Name, number>> = {}
  for (const [index, name] of names.entries()) {
    const server = servers[index]
    if (server !== undefined) ports[name] = portOf(server)
  }
  await Promise.all(servers.map(close))
  // Every name got a server, and so a port.
  return ports as Record<Name, number>
}

/** @returns whether the port of 127.0.0.1 is free */
export async function isFree(port: number): Promise<boolean> {
  try {
    await close(await listen(port))
    return true
  } catch {
    return false
  }
}
