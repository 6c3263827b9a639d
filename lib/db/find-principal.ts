import type { Principal } from '../domain/person.ts'
import type { Db } from './client.ts'
import { likePattern } from './like-pattern.ts'

export type FoundUser = { userId: string; handle: string; name: string; email: string }

/**
 * Finds active people by what somebody typed: handle, e-mail, full name, or the readable part of the handle.
 * @returns at most two, so that the caller sees when it is ambiguous
 */
export async function findUsersExactly(db: Db, text: string): Promise<FoundUser[]> {
  return db.$queryRaw<FoundUser[]>`
    SELECT id AS "userId", handle, name, email FROM user_account
    WHERE deactivated_at IS NULL AND (handle = ${text} OR lower(email) = lower(${text}) OR lower(name) = lower(${text})
      OR regexp_replace(handle, '-[0-9a-f]{6}$', '') = lower(${text}))
    ORDER BY (handle = ${text}) DESC, handle LIMIT 2`
}

/** @returns people and groups that fit what is being typed, people first, at most `limit` */
export async function searchPrincipals(db: Db, text: string, limit: number): Promise<Principal[]> {
  const pattern = likePattern(text)
  const [users, groups] = await Promise.all([
    db.$queryRaw<{ handle: string; name: string; email: string }[]>`
      SELECT handle, name, email FROM user_account
      WHERE deactivated_at IS NULL AND (handle || ' ' || name || ' ' || email) ILIKE ${pattern} ORDER BY name, handle LIMIT ${limit}`,
    db.$queryRaw<{ group: string; people: number }[]>`
      SELECT "group", count(*)::int AS people FROM user_group WHERE "group" ILIKE ${pattern} GROUP BY "group" ORDER BY "group" LIMIT ${limit}`,
  ])
  const found: Principal[] = [
    ...users.map(({ handle, name, email }) => ({ kind: 'user' as const, id: handle, name, email })),
    ...groups.map(({ group, people }) => ({ kind: 'group' as const, id: group, people })),
  ]
  return found.slice(0, limit)
}

/** @returns how many people are known to be in a group */
export const countGroup = (db: Db, group: string): Promise<number> => db.userGroup.count({ where: { group } })
