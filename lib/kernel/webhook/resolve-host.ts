import { promises as dns, type LookupAddress } from 'node:dns'

const timeoutMs = 2_000
const tries = 2

/**
 * Resolves a name that a person chose with DNS. The system's resolver would block one of a few threads while the name's
 * servers don't answer.
 * @param servers as `address:port`; default: the system's
 * @returns its addresses, IPv4 first; @throws the DNS error if there are none
 */
export async function resolveByDns(host: string, servers?: readonly string[]): Promise<LookupAddress[]> {
  const resolver = new dns.Resolver({ timeout: timeoutMs, tries })
  if (servers) resolver.setServers(servers)
  const [four, six] = await Promise.allSettled([resolver.resolve4(host), resolver.resolve6(host)])
  const found = [
    ...(four.status === 'fulfilled' ? four.value.map((address) => ({ address, family: 4 })) : []),
    ...(six.status === 'fulfilled' ? six.value.map((address) => ({ address, family: 6 })) : []),
  ]
  if (found.length === 0 && four.status === 'rejected') throw four.reason
  return found
}

/** Resolves a name that the operator lists with the system's resolver: hosts file and search domains included. */
export const resolveBySystem = (host: string): Promise<LookupAddress[]> => dns.lookup(host, { all: true })
