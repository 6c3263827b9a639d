/**
 * Limits how many refusals per user and minute are kept. Otherwise anyone with an identity on a cluster could fill the
 * trail with refused requests.
 */
const maxPerMinute = 10
/** Users and minutes that are remembered. */
const maxRemembered = 10_000

/**
 * @returns a function that decides whether a refusal is kept; always the same for the same refusal, since a batch may
 * be repeated
 */
export function createRefusalBound() {
  const kept = new Map<string, Set<string>>()
  /**
   * @param at of the request (RFC 3339)
   * @param fingerprint identifies the refusal
   */
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
