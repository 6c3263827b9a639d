import type { AddressInfo, Server } from 'node:net'

/**
 * @param address host:port, an IPv6 host in brackets
 * @param options.shared whether other processes of the same user may listen there too; the kernel then distributes new
 * connections (SO_REUSEPORT)
 * @returns the actual port, also when port 0 was requested
 */
export async function listenOn(
  server: Server,
  address: string,
  { shared }: { shared: boolean } = { shared: false },
): Promise<number> {
  const colon = address.lastIndexOf(':')
  const host = address.slice(0, colon).replace(/^\[|\]$/g, '')
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    const port = Number(address.slice(colon + 1))
    server.listen({ port, ...(host !== '' && { host }), backlog: 1024, reusePort: shared }, () => {
      server.off('error', reject)
      resolve()
    })
  })
  return (server.address() as AddressInfo).port
}
