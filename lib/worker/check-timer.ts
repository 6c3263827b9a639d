/** Schedules checks of many things, in milliseconds of the caller's clock. */
export type CheckTimer = {
  /**
   * @param isEnding whether its deletion began: that happens once, and is checked without delay
   * @returns when to check a changed thing: after `gatherMs`, or a while after the last check
   */
  noticed(key: string, now: number, isEnding?: boolean): number
  looking(key: string, now: number): void
  /** Since the last check began. */
  isNoticed(key: string): boolean
  /** @returns when to check an unchanged thing: the interval doubles until a change after a rest */
  again(key: string, now: number, pause: { firstMs: number; maxMs: number }): number
  forget(key: string): void
  keepOnly(keys: ReadonlySet<string>): void
}

type CheckState = { waitMs: number; lookedAt: number; isNoticed: boolean; isEnding: boolean }

/**
 * @param gatherMs changes within this time cause one check
 * @param betweenMs the shortest time between two checks: each costs the database and the cluster
 */
export function createCheckTimer({ gatherMs, betweenMs }: { gatherMs: number; betweenMs: number }): CheckTimer {
  const known = new Map<string, CheckState>()
  function knownOf(key: string): CheckState {
    const found = known.get(key) ?? { waitMs: 0, lookedAt: Number.NEGATIVE_INFINITY, isNoticed: false, isEnding: false }
    known.set(key, found)
    return found
  }
  return {
    noticed(key, now, isEnding = false) {
      const each = knownOf(key)
      const soonest = isEnding && !each.isEnding ? now : each.lookedAt + betweenMs
      each.isEnding = isEnding
      if (now >= soonest) each.waitMs = 0
      each.isNoticed = true
      return Math.max(now + gatherMs, soonest)
    },
    looking(key, now) {
      Object.assign(knownOf(key), { lookedAt: now, isNoticed: false })
    },
    isNoticed: (key) => known.get(key)?.isNoticed ?? false,
    again(key, now, { firstMs, maxMs }) {
      const each = knownOf(key)
      each.waitMs = Math.min(maxMs, Math.max(firstMs, 2 * each.waitMs))
      return now + each.waitMs
    },
    forget: (key) => void known.delete(key),
    keepOnly(keys) {
      for (const key of known.keys()) if (!keys.has(key)) known.delete(key)
    },
  }
}
