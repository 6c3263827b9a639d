import type { Pool } from '#lib/kernel/db/pool.ts'

export type CredentialUse = { credentialId: string; at: Date; sourceAddress: string; client: string | null }

/**
 * Records the last use of credentials (time, address, client) in one statement. An older use never replaces a newer
 * one. It locks no credential, so a revocation never waits for it.
 */
export async function noteCredentialUse(pool: Pool, uses: readonly CredentialUse[]): Promise<void> {
  if (uses.length === 0) return
  await pool.query({
    name: 'note-credential-use',
    // Sorted, so that two gateways never deadlock.
    text: `INSERT INTO credential_use (credential_id, last_used_at, address, client)
           SELECT c.id, u.at, u.address, u.client
           FROM unnest($1::uuid[], $2::timestamptz[], $3::text[], $4::text[]) AS u(id, at, address, client) JOIN credential c ON c.id = u.id
           ORDER BY c.id
           ON CONFLICT (credential_id) DO UPDATE SET last_used_at = EXCLUDED.last_used_at, address = EXCLUDED.address, client = EXCLUDED.client
           WHERE credential_use.last_used_at < EXCLUDED.last_used_at`,
    values: [
      uses.map((use) => use.credentialId),
      uses.map((use) => use.at),
      uses.map((use) => use.sourceAddress),
      uses.map((use) => use.client),
    ],
  })
}

export type SpaceUse = { spaceId: string; userId: string; at: Date }

/** Records when people last used spaces with kubectl, in one statement. An older use never replaces a newer one. */
export async function noteSpaceUse(pool: Pool, uses: readonly SpaceUse[]): Promise<void> {
  if (uses.length === 0) return
  await pool.query({
    name: 'note-space-use',
    // Sorted, so that two gateways never deadlock.
    text: `INSERT INTO space_use (space_id, user_id, last_used_at)
           SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::timestamptz[]) ORDER BY 1, 2
           ON CONFLICT (space_id, user_id) DO UPDATE SET last_used_at = EXCLUDED.last_used_at
           WHERE space_use.last_used_at < EXCLUDED.last_used_at`,
    values: [uses.map((use) => use.spaceId), uses.map((use) => use.userId), uses.map((use) => use.at)],
  })
}
