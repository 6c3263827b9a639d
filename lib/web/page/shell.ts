import 'server-only'
import { headers } from 'next/headers'
import { countWaitingRequests } from '#lib/broker/requests/list-requests.ts'
import { webLog } from '#lib/web/process/web-log.ts'
import { contextFor } from '#lib/web/request/context-for.ts'
import { currentActor } from '#lib/web/request/current-session.ts'

export type Shell = { person: { name: string; email: string }; waiting: number; showAudit: boolean }

/**
 * What the frame around every page shows; null when nobody is signed in. It never fails: the frame is then empty, and a
 * page that can't be shown says so itself.
 */
export async function readShell(): Promise<Shell | null> {
  try {
    const actor = await currentActor()
    if (!actor) return null
    const ctx = await contextFor(actor, await headers())
    return {
      person: { name: actor.name, email: actor.email },
      waiting: await countWaitingRequests(ctx),
      showAudit: actor.platformRole !== 'member',
    }
  } catch (error) {
    webLog().error({ error }, 'the frame of a page could not be loaded')
    return null
  }
}
