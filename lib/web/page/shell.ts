import 'server-only'
import { cache } from 'react'
import type { BreakGlassUse } from '#lib/kernel/model/people/break-glass-account.ts'
import { decidePermission, roleStateOf } from '#lib/kernel/model/people/permission.ts'
import { webConfig } from '#lib/web/process/web-config.ts'
import { webLog } from '#lib/web/process/web-log.ts'
import { pageSession } from '#lib/web/request/current-session.ts'
import { version } from '#package.json'

export type Shell = {
  person: { name: string; email: string; handle: string }
  inbox: number
  /** When it was read, in milliseconds since the epoch. */
  readAt: number
  /** What permissions need to know about the person’s platform role. */
  roleState: ReturnType<typeof roleStateOf>
  /** Whether the person's roles from groups are suspended until they sign in again. */
  groupsSuspended: boolean
  mayActivate: boolean
  /** Until when they are a platform admin, ISO 8601; null: they aren’t, or it doesn’t end. */
  adminUntil: string | null
  isBreakGlass: boolean
  /** The company's help page for Spaceport; empty: none. */
  helpUrl: string
  version: string
  /**
   * A use of the break-glass account that no admin has acknowledged, whether it is this person’s own, and whether they
   * may acknowledge it.
   */
  alarm: (BreakGlassUse & { isOwn: boolean; mayAcknowledge: boolean }) | null
}

/**
 * The content of the frame around every page; null: not signed in. It never fails: the frame is then empty, and the
 * page shows its own error. Read once per HTTP request, for the page and its title.
 */
export const readShell = cache(async (): Promise<Shell | null> => {
  const readAt = Date.now()
  try {
    const session = await pageSession()
    if (!session) return null
    const { actor, inbox, groupsSuspended, alarm } = session
    const roleState = roleStateOf(actor)
    return {
      person: { name: actor.name, email: actor.email, handle: actor.handle },
      inbox: inbox ?? 0,
      readAt,
      roleState,
      groupsSuspended,
      mayActivate: actor.isEligible && actor.platformRole !== 'admin',
      adminUntil: actor.adminUntil?.toISOString() ?? null,
      isBreakGlass: actor.isBreakGlass,
      helpUrl: webConfig().SPACEPORT_HELP_URL,
      version,
      alarm: alarm && {
        ...alarm,
        isOwn: alarm.handle === actor.handle,
        mayAcknowledge: decidePermission('acknowledge-break-glass-use', { ...roleState, standing: null }) === 'allowed',
      },
    }
  } catch (error) {
    webLog().error({ error }, 'could not load the frame of a page')
    return null
  }
})
