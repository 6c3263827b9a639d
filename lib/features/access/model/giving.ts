import { type AccessSpan, isEscalation } from '#lib/kernel/model/access/escalation.ts'
import type { PlatformRole, Role } from '#lib/kernel/model/access/role.ts'

/** A role until an instant; null: no end. */
export type Gift = { role: Role; endsAt: Date | null }

/** The person who gives: what they hold in the space now, and whether the gift would reach themselves. */
export type Giver = { held: readonly AccessSpan[]; platformRole: PlatformRole; reachesSelf: boolean }

/**
 * What entitles the giver. `own`: what they hold in the space. `platform role`: being a platform admin, which takes a reason,
 * notifies the owner, and never counts for that admin.
 */
export type Authority = 'own' | 'platform-admin'

/**
 * Nobody gives more than they hold: neither a higher role nor a later end. Otherwise a temporary role could be made
 * permanent through a group or a friend. An owner may give anything; a platform admin gives to others by platform role.
 * @param before what this grant gave so far; absent for a new one. An admin may always give less than that.
 * @returns what entitles the giver, or why not: `self_escalation` to oneself, `beyond_own` to others
 */
export function decideGiving(giver: Giver, gift: Gift, before?: Gift): Authority | 'self_escalation' | 'beyond_own' {
  if (giver.held.some(({ standing }) => standing === 'owner')) return 'own'
  const isAdmin = giver.held.some(({ standing }) => standing === 'admin')
  const covered = !isEscalation(giver.held, gift.role, gift.endsAt)
  if (isAdmin && (covered || (before && givesLess(gift, before)))) return 'own'
  if (giver.reachesSelf && !covered) return 'self_escalation'
  if (giver.platformRole !== 'admin') return 'beyond_own'
  return giver.reachesSelf ? 'self_escalation' : 'platform-admin'
}

/** Whether a grant gives no more than before: neither a higher role nor a later end. */
export const givesLess = (gift: Gift, before: Gift): boolean =>
  !isEscalation([{ standing: before.role, endsAt: before.endsAt }], gift.role, gift.endsAt)
