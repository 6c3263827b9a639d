/**
 * @returns an address without doubled or trailing slashes in its path. Next would redirect to it, and clients leave their
 * token behind then.
 */
export function bareAddress(url: string): string {
  const [path = '', ...query] = url.split('?')
  return [path.replace(/\/+/g, '/').replace(/(.)\/$/, '$1'), ...query].join('?')
}
