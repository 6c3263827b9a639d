/** @returns parameters of an address as text, in one order: the same text for the same parameters */
export function sortedSearch(parameters: Iterable<[string, string]>): string {
  const all = new URLSearchParams([...parameters])
  all.sort()
  return all.toString()
}
