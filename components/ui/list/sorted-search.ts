/**
 * @param names the parameters to include; undefined: all. For other parameters, server and browser may see different
 *   ones, since Next hides some
 * @returns a URL's parameters as text in a fixed order
 */
export function sortedSearch(parameters: Iterable<[string, string]>, names?: readonly string[]): string {
  const all = new URLSearchParams([...parameters].filter(([name]) => names?.includes(name) ?? true))
  all.sort()
  return all.toString()
}
