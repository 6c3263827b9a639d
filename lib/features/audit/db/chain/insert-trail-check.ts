import type { Tx } from '#lib/kernel/db/client.ts'

/** Asks for a verification of the trail. @returns false if one is already running */
export async function insertTrailCheck(
  tx: Tx,
  { id, byId, fromAt, toAt }: { id: string; byId: string; fromAt: Date | null; toAt: Date | null },
): Promise<boolean> {
  const added = await tx.$executeRaw`
    INSERT INTO trail_check (id, asked_by_id, from_at, to_at) VALUES (${id}::uuid, ${byId}::uuid, ${fromAt}, ${toAt})
    ON CONFLICT DO NOTHING`
  return added === 1
}
