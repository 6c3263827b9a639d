import type { Tx } from '#lib/kernel/db/client.ts'

/**
 * Gives spaces to new owners, whose own roles there end, as when they accept an offer (set-space-owner.ts): those that no
 * request led to. Their rows are held.
 */
export async function handOverSpaces(
  tx: Tx,
  spaces: readonly { id: string; ownerId: string }[],
  removal: { at: Date; byId: string },
): Promise<void> {
  if (spaces.length === 0) return
  const ids = spaces.map(({ id }) => id)
  const owners = spaces.map(({ ownerId }) => ownerId)
  await tx.$executeRaw`
    UPDATE space s SET owner_id = n.owner_id
    FROM unnest(${ids}::uuid[], ${owners}::uuid[]) AS n(id, owner_id) WHERE s.id = n.id`
  await tx.$executeRaw`
    UPDATE space_grant g SET removed_at = ${removal.at}, removed_by_id = ${removal.byId}::uuid
    FROM unnest(${ids}::uuid[], ${owners}::uuid[]) AS n(id, owner_id)
    WHERE g.space_id = n.id AND g.user_id = n.owner_id AND g.request_id IS NULL AND g.removed_at IS NULL`
}
