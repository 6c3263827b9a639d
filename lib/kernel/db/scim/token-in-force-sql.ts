/**
 * Decides whether a provisioning token works: not if it is revoked or expired, or if a person responsible for it isn't
 * an active platform admin. Checked at each use and when a change commits, so no job has to stop a token.
 */
import { Prisma } from '#lib/kernel/db/client.ts'

export type TokenRules = {
  at: Date
  /** The configured providers, without trailing slashes. */
  issuers: readonly string[]
  /** 0: platform admins don't have to activate their role. */
  adminMinutes: number
}

/**
 * Whether the account `u` is an active platform admin, with the role activated if required. Ignores when the provider
 * confirmed their groups: otherwise a holiday would stop provisioning.
 */
export const activeAdminSql = ({ at, issuers, adminMinutes }: TokenRules): Prisma.Sql =>
  Prisma.sql`(u.platform_role = 'admin' AND u.deactivated_at IS NULL AND rtrim(u.issuer, '/') = ANY (${[...issuers]}::text[])
    AND (${adminMinutes === 0} OR coalesce(u.admin_until > ${at}, false)))`

/** Whether the token `t` works. @param lost people to ignore: the change being checked took their role itself */
export const tokenInForceSql = (rules: TokenRules, lost: readonly string[] = []): Prisma.Sql =>
  Prisma.sql`(t.revoked_at IS NULL AND t.expires_at > ${rules.at}
    AND (t.created_by_id IS NULL OR EXISTS (SELECT FROM scim_token_maker m WHERE m.token_id = t.id AND m.responsible))
    AND NOT EXISTS (SELECT FROM scim_token_maker m JOIN user_account u ON u.id = m.user_id
      WHERE m.token_id = t.id AND m.responsible AND m.user_id <> ALL (${[...lost]}::uuid[]) AND NOT ${activeAdminSql(rules)}))`

/** The handles of the makers of the token `t`, in order. */
export const makerHandlesSql = Prisma.sql`ARRAY(SELECT u.handle FROM scim_token_maker m JOIN user_account u ON u.id = m.user_id
  WHERE m.token_id = t.id ORDER BY 1)`
