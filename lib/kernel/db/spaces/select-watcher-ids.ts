import type { Tx } from '#lib/kernel/db/client.ts'

const maxWatchers = 1_000

/**
 * @param issuers the only providers that count
 * @returns the ids of active auditors and platform admins by groups, with or without an activated role
 */
export async function selectWatcherIds(tx: Tx, issuers: readonly string[]): Promise<string[]> {
  const rows = await tx.$queryRaw<{ id: string }[]>`
    SELECT id FROM user_account WHERE platform_role IN ('auditor', 'admin') AND deactivated_at IS NULL
      AND rtrim(issuer, '/') = ANY (${[...issuers]}::text[])
    ORDER BY id LIMIT ${maxWatchers}`
  return rows.map(({ id }) => id)
}
