const most = 1_000

/** @returns the page that a search parameter names; the first for anything that is not one */
export function readPage(given: string | string[] | undefined): number {
  const page = Number(given)
  return Number.isInteger(page) && page >= 1 && page <= most ? page : 1
}
