import 'server-only'
import { webLog } from '#lib/web/process/web-log.ts'
import { pageSession } from '#lib/web/request/current-session.ts'

export type Shell = {
  person: { name: string; email: string }
  inbox: number
  showAudit: boolean
  showAdmin: boolean
  /** Whether the person's roles from groups are paused until they sign in again. */
  groupsPaused: boolean
}

/**
 * What the frame around every page shows; null when nobody is signed in. It never fails: the frame is then empty, and a
 * page that can't be shown says so itself.
 */
export async function readShell(): Promise<Shell | null> {
  try {
    const session = await pageSession()
    if (!session) return null
    const { actor, inbox, groupsPaused } = session
    return {
      person: { name: actor.name, email: actor.email },
      inbox: inbox ?? 0,
      showAudit: actor.platformRole !== 'member',
      showAdmin: actor.platformRole !== 'member',
      groupsPaused,
    }
  } catch (error) {
    webLog().error({ error }, 'the frame of a page could not be loaded')
    return null
  }
}
