/** Where a tab’s session keeps the address of the list that was seen last. */
const key = 'spaceport:spaces'

/** Notes the list’s search, filters and order as they are now, so that one gets back to them. */
export function noteList(path: string): void {
  try {
    sessionStorage.setItem(key, path)
  } catch {
    // A browser may refuse to keep anything. The way back then leads to the whole list.
  }
}

/** @returns the list’s address as it was seen last in this tab */
export function lastList(): string {
  try {
    const path = sessionStorage.getItem(key) ?? '/'
    return path === '/' || path.startsWith('/?') ? path : '/'
  } catch {
    return '/'
  }
}
