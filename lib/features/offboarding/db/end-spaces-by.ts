import type { Tx } from '#lib/kernel/db/client.ts'

/** Sets the ends of spaces whose rows are held. An earlier end stays. */
export async function endSpacesBy(tx: Tx, spaces: readonly { id: string; endsAt: Date }[]): Promise<void> {
  if (spaces.length === 0) return
  const given = spaces.map(({ id, endsAt }) => ({ id, ends_at: endsAt.toISOString() }))
  await tx.$executeRaw`
    UPDATE space s SET ends_at = least(s.ends_at, n.ends_at)
    FROM jsonb_to_recordset(${JSON.stringify(given)}::jsonb) AS n(id uuid, ends_at timestamptz) WHERE s.id = n.id`
}
