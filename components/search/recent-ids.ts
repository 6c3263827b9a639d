import { maxRecent } from '#lib/features/search/model/search-limits.ts'

const stored = 'spaceport-recent'

/**
 * Recently used options in this browser, latest first. Only ids, which mean nothing to the next person who signs in
 * here unless they may look them up.
 */
export function readRecentIds(): string[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(stored) ?? '[]')
    if (!Array.isArray(kept)) return []
    return kept.filter((id) => typeof id === 'string' && id.length <= 100).slice(0, maxRecent)
  } catch {
    // Not written by this code.
    return []
  }
}

export function noteRecentId(id: string): void {
  const others = readRecentIds().filter((other) => other !== id)
  localStorage.setItem(stored, JSON.stringify([id, ...others].slice(0, maxRecent)))
}

/** `space:…`, `do:activity:…` of a space, `person:…`. Pages and other actions need no lookup. */
const known = /^(space|do:[a-z]+|person):([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$/

/** @returns the URL parameters that look them up: spaces, including those of actions, and people */
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
