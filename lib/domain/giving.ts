import { type Held, isEscalation } from './escalation.ts'
import type { PlatformRole, Role } from './role.ts'

/** A role until an instant; null: for good. */
export type Gift = { role: Role; endsAt: Date | null }

/** Who gives: what they hold in the space now, and whether the gift would reach themselves. */
export type Giver = { held: readonly Held[]; platformRole: PlatformRole; reachesSelf: boolean }

/**
 * By what right a role is given. `own`: out of what the giver holds in the space. `office`: by a platform admin's word
 * alone, which needs a reason, is told to the owner, and never counts for that admin.
 */
export type Way = 'own' | 'office'

/**
 * Nobody gives more than they hold: neither a greater role nor a later end. What was given for a while could otherwise
 * make itself last, by a group or a friend. An owner gives what they like; a platform admin gives to others by office.
 * @param before what the same grant gave so far; absent for a new one. To give less than that needs no holding.
 * @returns the way, or why not: `self_escalation` to oneself, `beyond_own` to others
 */
export function decideGiving(giver: Giver, gift: Gift, before?: Gift): Way | 'self_escalation' | 'beyond_own' {
  if (giver.held.some(({ standing }) => standing === 'owner')) return 'own'
  const isAdmin = giver.held.some(({ standing }) => standing === 'admin')
  const covered = !isEscalation(giver.held, gift.role, gift.endsAt)
  if (isAdmin && (covered || (before && givesLess(gift, before)))) return 'own'
  if (giver.reachesSelf && !covered) return 'self_escalation'
  if (giver.platformRole !== 'admin') return 'beyond_own'
  return giver.reachesSelf ? 'self_escalation' : 'office'
}

/** Whether a grant gives no more than before: neither a greater role nor a later end. */
export const givesLess = (gift: Gift, before: Gift): boolean =>
  !isEscalation([{ standing: before.role, endsAt: before.endsAt }], gift.role, gift.endsAt)
