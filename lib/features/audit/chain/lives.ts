/**
 * Who may have been given a pseudonym: people who were offboarded, whose certificate was completed afterwards, and who were
 * not reactivated since. Must never let an outcome count: the row of an act is in one transaction with what it records
 * (lib/kernel/use-case/commit-change.ts), so it was done, whatever a later row says.
 */
import type { TrailRow } from '#lib/features/audit/model/sealed-trail.ts'

export type Standing = 'may' | 'not complete' | 'reactivated' | 'not offboarded' | 'not certain'

type Life = {
  isOffboarded: boolean
  /** Whether a certificate was completed, and one after they were offboarded. */
  isComplete: boolean
  isGone: boolean
  /** The highest seq of a completion. */
  lastComplete: bigint
  /** When the first reactivation since was sealed; null: that isn't known; undefined: there was none. */
  reactivatedAt: number | null | undefined
}

/** Takes rows in the order in which they were sealed; those that no block has come last, or are all there is, by seq. */
export function followLives() {
  const lives = new Map<string, Life>()

  return {
    /** @param sealedAt of the row's block, in milliseconds; null: it isn't sealed, or nobody has verified it */
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
     * @param at when the transaction that gave the pseudonym began, in milliseconds. It saw, and would have been refused
     *   for, what was sealed by then; what was still open anybody with web's login could have held back.
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
