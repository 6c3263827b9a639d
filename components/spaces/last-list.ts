/** The session storage key of the last list's address. */
const key = 'spaceport:spaces'

/** Stores the list’s search, filters and order, to come back to them. */
export function noteList(path: string): void {
  try {
    sessionStorage.setItem(key, path)
  } catch {
    // A browser may refuse to keep anything. The way back then leads to the whole list.
  }
}

/** @returns the list’s last address in this tab */
export function lastList(): string {
  try {
    const path = sessionStorage.getItem(key) ?? '/'
    return path === '/' || path.startsWith('/?') ? path : '/'
  } catch {
    return '/'
  }
}
