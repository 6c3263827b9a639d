import type { Tx } from '#lib/kernel/db/client.ts'

/** As many as are told of something. */
const maxAdmins = 1_000

/** @returns the ids of active people whose groups make them platform admins, whether or not the role is activated */
export async function selectAdminIds(tx: Tx, issuers: readonly string[]): Promise<string[]> {
  const rows = await tx.$queryRaw<{ id: string }[]>`
    SELECT id FROM user_account WHERE platform_role = 'admin' AND deactivated_at IS NULL AND rtrim(issuer, '/') = ANY (${[...issuers]}::text[])
    ORDER BY id LIMIT ${maxAdmins}`
  return rows.map(({ id }) => id)
}
