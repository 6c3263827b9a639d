import type { AddressInfo, Server } from 'node:net'

/** @param address host:port, an IPv6 host in brackets @returns the actual port, also when port 0 was requested */
export async function listenOn(server: Server, address: string): Promise<number> {
  const colon = address.lastIndexOf(':')
  const host = address.slice(0, colon).replace(/^\[|\]$/g, '')
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen({ port: Number(address.slice(colon + 1)), ...(host !== '' && { host }), backlog: 1024 }, () => {
      server.off('error', reject)
      resolve()
    })
  })
  return (server.address() as AddressInfo).port
}
