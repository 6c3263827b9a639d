import type { Tx } from '#lib/kernel/db/client.ts'

const maxAdmins = 1_000

/** @returns the ids of active platform admins by groups, with or without an activated role */
export async function selectAdminIds(tx: Tx, issuers: readonly string[]): Promise<string[]> {
  const rows = await tx.$queryRaw<{ id: string }[]>`
    SELECT id FROM user_account WHERE platform_role = 'admin' AND deactivated_at IS NULL AND rtrim(issuer, '/') = ANY (${[...issuers]}::text[])
    ORDER BY id LIMIT ${maxAdmins}`
  return rows.map(({ id }) => id)
}

type Admins = { tokenId: string; issuers: readonly string[] }

/**
 * Finds a platform admin (by groups) who isn't a maker of a provisioning token, and keeps them an admin until the
 * transaction ends. Doesn't wait for locks.
 * @returns `busy`: there are some, but other transactions hold their rows
 */
export async function holdOtherAdmin(tx: Tx, { tokenId, issuers }: Admins): Promise<'held' | 'busy' | 'none'> {
  const held = await tx.$queryRaw<unknown[]>`
    SELECT u.id FROM user_account u WHERE u.platform_role = 'admin' AND u.deactivated_at IS NULL
      AND rtrim(u.issuer, '/') = ANY (${[...issuers]}::text[])
      AND NOT EXISTS (SELECT FROM scim_token_maker m WHERE m.token_id = ${tokenId}::uuid AND m.user_id = u.id)
    ORDER BY u.id LIMIT 1 FOR SHARE OF u SKIP LOCKED`
  if (held.length > 0) return 'held'
  const others = await tx.$queryRaw<unknown[]>`
    SELECT FROM user_account u WHERE u.platform_role = 'admin' AND u.deactivated_at IS NULL
      AND rtrim(u.issuer, '/') = ANY (${[...issuers]}::text[])
      AND NOT EXISTS (SELECT FROM scim_token_maker m WHERE m.token_id = ${tokenId}::uuid AND m.user_id = u.id) LIMIT 1`
  return others.length > 0 ? 'busy' : 'none'
}
