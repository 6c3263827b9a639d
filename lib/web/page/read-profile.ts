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
  /** Their identity provider, as it is called. */
  provider: string
  groupsClaim: string
  /** The groups that the platform role comes from. */
  roleGroups: string[]
  /** Whether they have it by name. */
  isNamed: boolean
  /** Their ID at the provider; null: nobody knows it. */
  subject: string | null
  /** When the provider last said which groups the person is in. */
  groupsVerifiedAt: Date | null
  /** Whether that was too long ago, so that the groups and what they give don't count. */
  groupsSuspended: boolean
  /** What the provider sent as groups but cannot be a group's name. */
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

/** What a person can see about themselves: who they are here, and where that comes from. */
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
