import 'server-only'
import { listLeftOutGroups } from '#lib/auth/list-left-out-groups.ts'
import { listOwnSessions } from '#lib/auth/list-own-sessions.ts'
import { services } from '#lib/web/process/services.ts'

/** @returns a person's sessions, and what the provider sent as groups but cannot be a group's name */
export async function readOwnAccount(userId: string) {
  const { pool, clock } = await services()
  const [sessions, leftOutGroups] = await Promise.all([
    listOwnSessions(pool, userId, clock()),
    listLeftOutGroups(pool, userId),
  ])
  return { sessions, leftOutGroups }
}
