import type { Tx } from '#lib/kernel/db/client.ts'

/** @returns false if the verification has ended, was cancelled before, or never was */
export async function cancelTrailCheck(tx: Tx, id: string, { at, byId }: { at: Date; byId: string }): Promise<boolean> {
  const changed = await tx.$executeRaw`
    UPDATE trail_check SET cancelled_at = ${at}, cancelled_by_id = ${byId}::uuid
    WHERE id = ${id}::uuid AND ended_at IS NULL AND cancelled_at IS NULL`
  return changed === 1
}
