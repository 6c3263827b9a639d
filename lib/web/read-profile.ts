import 'server-only'
import { listLeftOutGroups } from '../auth/list-left-out-groups.ts'
import { listOwnSessions } from '../auth/list-own-sessions.ts'
import type { Actor } from '../domain/person.ts'
import { platformRoleOf } from '../domain/role.ts'
import { currentSession } from './current-session.ts'
import { pageContext } from './page-context.ts'
import { webConfig } from './web-config.ts'

export type Profile = {
  actor: Actor
  issuer: string
  groupsClaim: string
  /** The groups that the platform role comes from. */
  roleGroups: string[]
  /** What was among the groups and is no name of one. */
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

/** What a person may know of themselves: who they are here, and where that comes from. */
export async function readProfile(): Promise<Profile> {
  const ctx = await pageContext()
  const [session, sessions, leftOutGroups] = await Promise.all([
    currentSession(),
    listOwnSessions(ctx.db, ctx.actor.userId, ctx.clock()),
    listLeftOutGroups(ctx.db, ctx.actor.userId),
  ])
  const config = webConfig()
  const policy = { adminGroups: config.SPACEPORT_ADMIN_GROUPS, auditorGroups: config.SPACEPORT_AUDITOR_GROUPS }
  return {
    actor: ctx.actor,
    issuer: session?.issuer ?? config.OIDC_ISSUER,
    groupsClaim: config.OIDC_GROUPS_CLAIM,
    roleGroups:
      ctx.actor.platformRole === 'member'
        ? []
        : ctx.actor.groups.filter((group) => platformRoleOf([group], policy) === ctx.actor.platformRole),
    leftOutGroups,
    sessions: sessions.map((one) => ({ ...one, current: one.id === session?.id })),
  }
}
