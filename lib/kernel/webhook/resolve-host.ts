import { promises as dns, type LookupAddress } from 'node:dns'

const timeoutMs = 2_000
const tries = 2

/**
 * Asks DNS for a name that a person chose. The system's resolver would block one of a few threads for as long as the
 * name's servers say nothing.
 * @param servers as `address:port`; left out: those of the system
 * @returns its addresses, IPv4 first; @throws what DNS answered if there are none
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

/** Resolves a name that the operator lists, as every program here does: by the hosts file and search domains too. */
export const resolveBySystem = (host: string): Promise<LookupAddress[]> => dns.lookup(host, { all: true })
