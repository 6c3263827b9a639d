import type { PlatformRole, Standing } from '#lib/kernel/model/access/role.ts'
import type { PlatformRoleState } from './platform-role.ts'

/**
 * The table of who may do what. Each use case on a space or the platform has a row here and calls `decidePermission`
 * first. The matrix test covers this table.
 */
type Rule = {
  /** Standings in the space that are enough; absent if it isn't about one space. */
  standings?: readonly Standing[]
  /** Platform roles that are enough, with any standing. */
  platform?: readonly PlatformRole[]
  /**
   * Whether being chosen to decide is enough: by the policy for a request (lib/kernel/db/people/decides-sql.ts), or as
   * a space's owner for a review.
   */
  deciders?: true
  /** Whether platform admins by groups are allowed even if their role isn't activated. */
  eligible?: true
}

const members = ['viewer', 'editor', 'admin', 'owner'] as const
const everyone = ['member', 'auditor', 'admin'] as const

export const permissions = {
  'create-space': { platform: everyone },
  'check-space-name': { platform: everyone },
  'list-spaces': { platform: everyone },
  'export-spaces': { platform: ['admin'] },
  'search-groups': { platform: ['admin'] },
  'search-portal': { platform: everyone },
  'read-space': { standings: members, platform: ['admin'] },
  'read-space-inside': { standings: members },
  'show-secret': { standings: ['editor', 'admin', 'owner'] },
  'read-space-activity': { standings: members, platform: ['admin'] },
  'update-space': { standings: ['admin', 'owner'], platform: ['admin'] },
  'declare-space': { standings: ['owner'] },
  'release-space': { standings: ['owner'], platform: ['admin'] },
  'retry-space': { standings: ['admin', 'owner'], platform: ['admin'] },
  'delete-space': { standings: ['owner'], platform: ['admin'] },
  'offer-space': { standings: ['owner'], platform: ['admin'] },
  'withdraw-offer': { standings: ['owner'], platform: ['admin'] },
  'list-offers': { platform: everyone },
  'accept-offer': { platform: everyone },
  'decline-offer': { platform: everyone },
  'leave-space': { standings: ['viewer', 'editor', 'admin'] },
  'add-grant': { standings: ['admin', 'owner'], platform: ['admin'] },
  'change-grant': { standings: ['admin', 'owner'], platform: ['admin'] },
  'remove-grant': { standings: ['admin', 'owner'], platform: ['admin'] },
  'search-principals': { standings: ['admin', 'owner'], platform: ['admin'] },
  'create-credential': { standings: members },
  'create-credential-for-all': { platform: everyone },
  'list-credentials': { platform: everyone },
  'revoke-credential': { platform: everyone },
  'request-space': { platform: everyone },
  'request-size': { standings: ['admin', 'owner'] },
  'request-life': { standings: ['admin', 'owner'] },
  'request-role': { platform: everyone },
  'list-requests': { platform: everyone },
  'withdraw-request': { platform: everyone },
  'read-request': { deciders: true, platform: ['admin'] },
  'decide-request': { deciders: true },
  'list-inbox': { platform: everyone },
  'mark-read': { platform: everyone },
  'choose-mail': { platform: everyone },
  'keep-filters': { platform: everyone },
  'read-webhook': { platform: everyone },
  'set-up-webhook': { platform: everyone },
  'change-webhook': { platform: everyone },
  'rotate-webhook-secret': { platform: everyone },
  'remove-webhook': { platform: everyone },
  'test-webhook': { platform: everyone },
  'read-cluster-notices': { platform: ['admin'] },
  'list-clusters': { platform: ['admin'] },
  'read-overview': { platform: ['auditor', 'admin'] },
  'list-open-requests': { platform: ['admin'] },
  'list-reviews': { platform: ['auditor', 'admin'] },
  'read-review': { deciders: true, platform: ['auditor', 'admin'] },
  'decide-review': { deciders: true, platform: ['admin'] },
  'start-review': { platform: ['admin'] },
  'schedule-reviews': { platform: ['admin'] },
  'extend-review': { platform: ['admin'] },
  'close-review': { platform: ['admin'] },
  'export-review': { platform: ['auditor', 'admin'] },
  'list-people': { platform: ['auditor', 'admin'] },
  'read-person': { platform: ['auditor', 'admin'] },
  'read-access-report': { platform: ['auditor', 'admin'] },
  'export-access-report': { platform: ['auditor', 'admin'] },
  'ask-cluster': { platform: ['auditor', 'admin'] },
  'deactivate-person': { platform: ['admin'] },
  'reactivate-person': { platform: ['admin'] },
  'offboard-person': { platform: ['admin'] },
  'sign-out-person': { platform: ['admin'] },
  'end-own-sessions': { platform: everyone },
  'list-all-credentials': { platform: ['auditor', 'admin'] },
  'revoke-credentials': { platform: ['admin'] },
  'revoke-own-credentials': { platform: everyone },
  'list-provisioning-tokens': { platform: ['auditor', 'admin'] },
  'create-provisioning-token': { platform: ['admin'] },
  'approve-provisioning-token': { platform: ['admin'] },
  'decline-provisioning-token': { platform: ['admin'] },
  'take-over-provisioning-token': { platform: ['admin'] },
  'revoke-provisioning-token': { platform: ['admin'] },
  'freeze-provisioning': { platform: ['admin'] },
  'unfreeze-provisioning': { platform: ['admin'] },
  'remove-pushed-group': { platform: ['admin'] },
  'read-policy': { platform: ['auditor', 'admin'] },
  'change-policy': { platform: ['admin'] },
  'try-policy': { platform: ['admin'] },
  'list-audit': { platform: ['auditor', 'admin'] },
  'export-audit': { platform: ['auditor', 'admin'] },
  'verify-trail': { platform: ['auditor', 'admin'] },
  'activate-admin-role': { eligible: true },
  'end-own-admin-role': { eligible: true },
  'end-admin-role': { platform: ['admin'] },
  'acknowledge-break-glass-use': { platform: ['admin'] },
} as const satisfies Record<string, Rule>

export type Permission = keyof typeof permissions
export type SpacePermission = { [P in Permission]: (typeof permissions)[P] extends Standings ? P : never }[Permission]
export type PlatformPermission = Exclude<Permission, SpacePermission>
type Standings = { standings: readonly Standing[] }

/**
 * What the break-glass account, unlike a platform admin, may not do. It is for repairs: it gets nothing of its own,
 * starts nothing that outlasts its hour, and can't dismiss its own alarm.
 */
const deniedToBreakGlass: ReadonlySet<Permission> = new Set([
  'create-space',
  'offer-space',
  'accept-offer',
  'create-credential',
  'create-credential-for-all',
  'request-space',
  'request-role',
  'decide-request',
  'decide-review',
  'keep-filters',
  'set-up-webhook',
  'create-provisioning-token',
  'approve-provisioning-token',
  'take-over-provisioning-token',
  'acknowledge-break-glass-use',
])

export type Subject = {
  platformRole: PlatformRole
  isEligible?: boolean
  isBreakGlass?: boolean
  standing: Standing | null
  isDecider?: boolean
}

/** @returns the parts of a person’s platform role that permissions need */
export const roleStateOf = ({
  platformRole,
  isEligible,
  isBreakGlass,
}: PlatformRoleState): Pick<Subject, 'platformRole' | 'isEligible' | 'isBreakGlass'> => ({
  platformRole,
  isEligible,
  isBreakGlass,
})

/**
 * @param subject the person's platform role, and their standing in the space (null: none)
 * @returns `allowed`; `forbidden` if they may know that it exists; otherwise `hidden`, as if it didn't exist
 */
export function decidePermission(permission: Permission, subject: Subject): 'allowed' | 'forbidden' | 'hidden' {
  const rule: Rule = permissions[permission]
  if (subject.isBreakGlass && deniedToBreakGlass.has(permission)) return 'forbidden'
  if (rule.eligible && subject.isEligible) return 'allowed'
  if (rule.deciders && subject.isDecider) return 'allowed'
  if (rule.platform?.includes(subject.platformRole)) return 'allowed'
  if (subject.standing && rule.standings?.includes(subject.standing)) return 'allowed'
  if (!rule.standings) return 'forbidden'
  const mayKnow = subject.standing !== null || subject.platformRole === 'admin'
  return mayKnow ? 'forbidden' : 'hidden'
}
