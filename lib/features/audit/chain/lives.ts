/**
 * Who may have a pseudonym: offboarded people with a certificate completed afterwards, unless they were reactivated
 * since. Outcomes must never count: an action's row is in the action's transaction
 * (lib/kernel/use-case/commit-change.ts), so the action happened, whatever a later row says.
 */
import type { TrailRow } from '#lib/features/audit/model/sealed-trail.ts'

export type Standing = 'may' | 'not complete' | 'reactivated' | 'not offboarded' | 'not certain'

type Life = {
  isOffboarded: boolean
  /** Whether a certificate was completed; `isGone`: after they were offboarded. */
  isComplete: boolean
  isGone: boolean
  /** The highest seq of a completion. */
  lastComplete: bigint
  /** When the first later reactivation was sealed; null: unknown; undefined: there was none. */
  reactivatedAt: number | null | undefined
}

/** Expects rows in the order in which they were sealed, then those without a block, by seq. */
export function followLives() {
  const lives = new Map<string, Life>()

  return {
    /** @param sealedAt when the row's block was sealed, in milliseconds; null: it isn't sealed or verified */
    noteAct(person: string, { action, seq, outcome }: TrailRow, sealedAt: number | null): void {
      if (outcome !== null && outcome !== 'ok') return
      const life = lives.get(person) ?? {
        ...{ isOffboarded: false, isComplete: false, isGone: false, lastComplete: 0n, reactivatedAt: undefined },
      }
      lives.set(person, life)
      const place = BigInt(seq)
      if (action === 'person.offboard') life.isOffboarded = true
      else if (action === 'offboarding.complete') {
        life.isComplete = true
        life.isGone ||= life.isOffboarded
        if (place > life.lastComplete) life.lastComplete = place
        life.reactivatedAt = undefined
        // A row can be written before a completion and sealed after it, by a transaction that is held open: `begin_pseudonym`
        // took no notice of it, or refused.
      } else if (life.isComplete && place > life.lastComplete)
        life.reactivatedAt =
          typeof life.reactivatedAt === 'number' && sealedAt !== null
            ? Math.min(life.reactivatedAt, sealedAt)
            : (sealedAt ?? life.reactivatedAt ?? null)
    },
    /**
     * @param at when the pseudonym's transaction began, in milliseconds. A reactivation sealed by then would have
     * prevented it. Anyone with web's login could have held back a later one.
     */
    standingAt(person: string, at: number): Standing {
      const life = lives.get(person)
      if (!life?.isComplete) return 'not complete'
      if (life.reactivatedAt === null) return 'not certain'
      if (life.reactivatedAt !== undefined && life.reactivatedAt < at - 1) return 'reactivated'
      return life.isGone ? 'may' : 'not offboarded'
    },
  }
}
