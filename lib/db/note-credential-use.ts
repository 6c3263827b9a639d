import type { Pool } from './pool.ts'

export type CredentialUse = { credentialId: string; at: Date; sourceAddress: string; client: string | null }

/**
 * Records when, from where and with what credentials were last used, in one statement. An older use never replaces a newer one.
 */
export async function noteCredentialUse(pool: Pool, uses: readonly CredentialUse[]): Promise<void> {
  if (uses.length === 0) return
  await pool.query({
    name: 'note-credential-use',
    text: `UPDATE credential c SET last_used_at = u.at, last_used_address = u.address, last_used_client = u.client
           FROM unnest($1::uuid[], $2::timestamptz[], $3::text[], $4::text[]) AS u(id, at, address, client)
           WHERE c.id = u.id AND (c.last_used_at IS NULL OR c.last_used_at < u.at)`,
    values: [
      uses.map((use) => use.credentialId),
      uses.map((use) => use.at),
      uses.map((use) => use.sourceAddress),
      uses.map((use) => use.client),
    ],
  })
}
