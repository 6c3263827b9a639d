import { maxRecent } from '#lib/features/audit/model/search-limits.ts'

const stored = 'spaceport-recent'

/**
 * What was used lately in this browser, the last first: ids, which say nothing to somebody who can’t look them up, as
 * whoever signs in here next.
 */
export function readRecentIds(): string[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(stored) ?? '[]')
    if (!Array.isArray(kept)) return []
    return kept.filter((id) => typeof id === 'string' && id.length <= 100).slice(0, maxRecent)
  } catch {
    // Somebody else’s text.
    return []
  }
}

/** Puts an id first. */
export function noteRecentId(id: string): void {
  const others = readRecentIds().filter((other) => other !== id)
  localStorage.setItem(stored, JSON.stringify([id, ...others].slice(0, maxRecent)))
}

/** `space:…`, `do:activity:…` of a space, `person:…`; pages and other actions need no looking up. */
const known = /^(space|do:[a-z]+|person):([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$/

/** @returns the parameters of the address that looks them up: the spaces, also of their actions, and the people */
export function recentParams(ids: readonly string[]): Record<string, string> {
  const found = ids.flatMap((id) => {
    const [, kind, of] = known.exec(id) ?? []
    return of ? [{ isPerson: kind === 'person', of }] : []
  })
  const listed = (isPerson: boolean) =>
    [...new Set(found.filter((one) => one.isPerson === isPerson).map(({ of }) => of))].join()
  const [spaces, people] = [listed(false), listed(true)]
  return { ...(spaces && { spaces }), ...(people && { people }) }
}
