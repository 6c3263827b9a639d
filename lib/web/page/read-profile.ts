import 'server-only'
import { platformRoleOf } from '#lib/kernel/model/access/role.ts'
import { bareIssuer } from '#lib/kernel/model/people/bare-issuer.ts'
import type { Actor } from '#lib/kernel/model/people/person.ts'
import { providerInFull } from '#lib/kernel/model/people/provider.ts'
import { identityProviders } from '#lib/web/process/identity-provider.ts'
import { pageSession } from '#lib/web/request/current-session.ts'
import { readOwnAccount } from '#lib/web/request/own-account.ts'
import { pageContext } from './page-context.ts'

export type Profile = {
  actor: Actor
  provider: string
  groupsClaim: string
  roleGroups: string[]
  isNamed: boolean
  /** Their ID at the provider; null: unknown. */
  subject: string | null
  /** When the provider last confirmed the person's groups. */
  groupsVerifiedAt: Date | null
  /** Whether that is too long ago, so that the groups and their roles are suspended. */
  groupsSuspended: boolean
  /** Entries in the groups claim that aren't valid group names. */
  leftOutGroups: string[]
  sessions: {
    id: string
    current: boolean
    createdAt: Date
    lastSeenAt: Date
    expiresAt: Date
    sourceAddress: string | null
    userAgent: string | null
  }[]
}

/** Reads a person's own profile: their account here, and its sources. */
export async function readProfile(): Promise<Profile> {
  const ctx = await pageContext()
  const [session, { sessions, groupClaims }] = await Promise.all([pageSession(), readOwnAccount(ctx.actor.userId)])
  const providers = identityProviders()
  const [main, ...further] = providers
  const issuer = session?.issuer ?? main.settings.issuer
  const { settings } = further.find((one) => one.settings.issuer === bareIssuer(issuer)) ?? main
  return {
    actor: ctx.actor,
    provider: providerInFull(
      providers.map((one) => one.settings),
      issuer,
    ),
    groupsClaim: settings.groupsClaim,
    roleGroups:
      ctx.actor.platformRole === 'member'
        ? []
        : ctx.actor.groups.filter((group) => platformRoleOf([group], settings) === ctx.actor.platformRole),
    isNamed: ctx.actor.platformRole !== 'member' && groupClaims?.namedRole === ctx.actor.platformRole,
    subject: ctx.actor.isBreakGlass ? null : (groupClaims?.subject ?? null),
    groupsVerifiedAt: groupClaims?.verifiedAt ?? null,
    groupsSuspended: session?.groupsSuspended ?? false,
    leftOutGroups: groupClaims?.leftOut ?? [],
    sessions: sessions.map((one) => ({ ...one, current: one.id === session?.id })),
  }
}
