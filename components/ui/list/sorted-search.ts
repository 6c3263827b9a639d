/**
 * @param names the parameters that count, if not all. Of others, the server and the browser may see different ones in the
 *   same address: Next keeps some to itself
 * @returns parameters of an address as text, in one order: the same text for the same parameters
 */
export function sortedSearch(parameters: Iterable<[string, string]>, names?: readonly string[]): string {
  const all = new URLSearchParams([...parameters].filter(([name]) => names?.includes(name) ?? true))
  all.sort()
  return all.toString()
}
