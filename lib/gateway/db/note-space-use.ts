import type { Pool } from '#lib/kernel/db/pool.ts'

export type SpaceUse = { spaceId: string; userId: string; at: Date }

/** Records when people last used spaces with kubectl, in one statement. An older use never replaces a newer one. */
export async function noteSpaceUse(pool: Pool, uses: readonly SpaceUse[]): Promise<void> {
  if (uses.length === 0) return
  await pool.query({
    name: 'note-space-use',
    // In one order, so that two gateways never wait for each other.
    text: `INSERT INTO space_use (space_id, user_id, last_used_at)
           SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::timestamptz[]) ORDER BY 1, 2
           ON CONFLICT (space_id, user_id) DO UPDATE SET last_used_at = EXCLUDED.last_used_at
           WHERE space_use.last_used_at < EXCLUDED.last_used_at`,
    values: [uses.map((use) => use.spaceId), uses.map((use) => use.userId), uses.map((use) => use.at)],
  })
}
