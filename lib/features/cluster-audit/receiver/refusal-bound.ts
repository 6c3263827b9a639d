/**
 * Whoever has any identity on a cluster can be refused in spaces as often as they like, and must not fill the trail by
 * it: of each user, so many refusals a minute are kept.
 */
const maxPerMinute = 10
/** Users and minutes that are remembered. */
const maxRemembered = 10_000

/** @returns a function that says whether a refusal is kept; the same one always is, so that a batch may come again */
export function createRefusalBound() {
  const kept = new Map<string, Set<string>>()
  /** @param at of the request (RFC 3339); @param fingerprint what tells it from others */
  return (user: string, at: string, fingerprint: string): boolean => {
    const key = `${at.slice(0, 16)} ${user}`
    const ofMinute = kept.get(key) ?? new Set()
    if (ofMinute.has(fingerprint)) return true
    if (ofMinute.size >= maxPerMinute) return false
    ofMinute.add(fingerprint)
    kept.set(key, ofMinute)
    if (kept.size > maxRemembered)
      for (const oldest of kept.keys()) {
        kept.delete(oldest)
        break
      }
    return true
  }
}
