import { type Held, isEscalation } from '#lib/kernel/model/access/escalation.ts'
import type { PlatformRole, Role } from '#lib/kernel/model/access/role.ts'

/** A role until an instant; null: no end. */
export type Gift = { role: Role; endsAt: Date | null }

/** The granting person: their roles in the space, and whether the grant would include them. */
export type Giver = { held: readonly Held[]; platformRole: PlatformRole; reachesSelf: boolean }

/**
 * `own`: by the granter's own role in the space. `platform-admin`: by platform role, which requires a reason, notifies
 * the owner, and never counts for that admin.
 */
export type Authority = 'own' | 'platform-admin'

/**
 * Limits grants to the granter's own role and end. Otherwise a person could make a temporary role permanent through a
 * group or a friend. An owner may grant anything; a platform admin may grant anything to others.
 * @param before the grant's current terms; omit for a new grant. An admin may always reduce them
 * @returns the authority to grant, or why there is none: `self_escalation` to oneself, `beyond_own` to others
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

/** Whether a grant gives neither a higher role nor a later end than before. */
export const givesLess = (gift: Gift, before: Gift): boolean =>
  !isEscalation([{ standing: before.role, endsAt: before.endsAt }], gift.role, gift.endsAt)
