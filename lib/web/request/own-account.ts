import 'server-only'
import { readGroupClaims } from '#lib/auth/provider/read-group-claims.ts'
import { listOwnSessions } from '#lib/auth/session/list-own-sessions.ts'
import { services } from '#lib/web/process/services.ts'

export async function readOwnAccount(userId: string) {
  const { pool, clock } = await services()
  const [sessions, groupClaims] = await Promise.all([
    listOwnSessions(pool, userId, clock()),
    readGroupClaims(pool, userId),
  ])
  return { sessions, groupClaims }
}
