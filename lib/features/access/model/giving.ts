import { type AccessSpan, isEscalation } from '#lib/kernel/model/access/escalation.ts'
import type { PlatformRole, Role } from '#lib/kernel/model/access/role.ts'

/** A role until an instant; null: no end. */
export type GrantTerms = { role: Role; endsAt: Date | null }

/** The granting person: their roles in the space, and whether the grant would include them. */
export type Granter = { held: readonly AccessSpan[]; platformRole: PlatformRole; reachesSelf: boolean }

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
export function grantAuthority(
  granter: Granter,
  terms: GrantTerms,
  before?: GrantTerms,
): Authority | 'self_escalation' | 'beyond_own' {
  if (granter.held.some(({ standing }) => standing === 'owner')) return 'own'
  const isAdmin = granter.held.some(({ standing }) => standing === 'admin')
  const covered = !isEscalation(granter.held, terms.role, terms.endsAt)
  if (isAdmin && (covered || (before && givesLess(terms, before)))) return 'own'
  if (granter.reachesSelf && !covered) return 'self_escalation'
  if (granter.platformRole !== 'admin') return 'beyond_own'
  return granter.reachesSelf ? 'self_escalation' : 'platform-admin'
}

/** Whether a grant gives neither a higher role nor a later end than before. */
export const givesLess = (terms: GrantTerms, before: GrantTerms): boolean =>
  !isEscalation([{ standing: before.role, endsAt: before.endsAt }], terms.role, terms.endsAt)
