/**
 * The one place that says whether a provisioning token works. It must not let one through that is revoked or expired, or
 * for which somebody is responsible who is no active platform admin. It is asked whenever a token is used and again where a
 * change commits, so no job has to stop a token.
 */
import { Prisma } from '#lib/kernel/db/client.ts'

export type TokenRules = {
  at: Date
  /** The configured providers, without trailing slashes. */
  issuers: readonly string[]
  /** 0: the role of a platform admin needs no activation. */
  adminMinutes: number
}

/**
 * Whether the account `u` is an active platform admin, with the role activated where it has to be. Groups that the provider
 * has not confirmed for a while don't matter here: a holiday would stop provisioning.
 */
export const activeAdminSql = ({ at, issuers, adminMinutes }: TokenRules): Prisma.Sql =>
  Prisma.sql`(u.platform_role = 'admin' AND u.deactivated_at IS NULL AND rtrim(u.issuer, '/') = ANY (${[...issuers]}::text[])
    AND (${adminMinutes === 0} OR coalesce(u.admin_until > ${at}, false)))`

/** Whether the token `t` works. @param lost people who don't count: the change that is checked took the role from them itself */
export const tokenInForceSql = (rules: TokenRules, lost: readonly string[] = []): Prisma.Sql =>
  Prisma.sql`(t.revoked_at IS NULL AND t.expires_at > ${rules.at}
    AND (t.created_by_id IS NULL OR EXISTS (SELECT FROM scim_token_maker m WHERE m.token_id = t.id AND m.responsible))
    AND NOT EXISTS (SELECT FROM scim_token_maker m JOIN user_account u ON u.id = m.user_id
      WHERE m.token_id = t.id AND m.responsible AND m.user_id <> ALL (${[...lost]}::uuid[]) AND NOT ${activeAdminSql(rules)}))`

/** The handles of everyone who had a hand in the token `t`, in order. */
export const makerHandlesSql = Prisma.sql`ARRAY(SELECT u.handle FROM scim_token_maker m JOIN user_account u ON u.id = m.user_id
  WHERE m.token_id = t.id ORDER BY 1)`
