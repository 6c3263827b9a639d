import { Prisma, type Tx } from '#lib/kernel/db/client.ts'
import { knownPrivilegedSql } from '#lib/kernel/db/people/group-member-sql.ts'
import type { PlatformRole } from '#lib/kernel/model/access/role.ts'
import { sessionIdleSince } from '#lib/kernel/model/people/session-life.ts'

export type Outsider = { id: string; handle: string; name: string; platformRole: PlatformRole }

type Question = {
  /** The provider's issuer, without trailing slashes. */
  issuer: string
  /** People to check, besides the provider's platform admins. */
  among: readonly string[]
  /** Groups that let people sign in. */
  groups: readonly string[]
  /** Privileged groups that may be pushed (SPACEPORT_PUSHED_PRIVILEGED_GROUPS). */
  listed: readonly string[]
  at: Date
}

/**
 * Locks the given people, and all platform admins, who according to stored groups are in no sign-in group. Skips
 * non-admins without a session or credential.
 * @returns at most `limit`, admins first
 */
export async function holdOutsiders(
  tx: Tx,
  { issuer, among, groups, listed, at }: Question,
  limit: number,
): Promise<Outsider[]> {
  return tx.$queryRaw<Outsider[]>(Prisma.sql`
    SELECT u.id, u.handle, u.name, u.platform_role::text AS "platformRole" FROM user_account u
    WHERE rtrim(u.issuer, '/') = ${issuer} AND u.deactivated_at IS NULL
      AND (u.platform_role = 'admin' OR u.id = ANY (${[...among]}::uuid[]) AND (
        EXISTS (SELECT FROM session s WHERE s.user_id = u.id AND s.expires_at > ${at} AND s.last_seen_at > ${sessionIdleSince(at)})
        OR EXISTS (SELECT FROM credential c WHERE c.user_id = u.id AND c.revoked_at IS NULL AND c.ends_at > ${at})))
      AND NOT EXISTS (SELECT FROM ${knownPrivilegedSql(listed)} m
        WHERE m.user_id = u.id AND m."group" = ANY (${[...groups]}::text[]) AND m.group_issuer = ${issuer})
    ORDER BY u.platform_role = 'admin' DESC, u.id LIMIT ${limit} FOR NO KEY UPDATE`)
}

/** Locks the active platform admins of a provider, in the order of their ids. */
export async function holdAdmins(tx: Tx, issuer: string): Promise<void> {
  await tx.$executeRaw`
    SELECT 1 FROM user_account u WHERE u.platform_role = 'admin' AND u.deactivated_at IS NULL AND rtrim(u.issuer, '/') = ${issuer}
    ORDER BY u.id FOR NO KEY UPDATE`
}
