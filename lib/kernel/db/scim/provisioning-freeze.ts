import { Prisma, type Tx } from '#lib/kernel/db/client.ts'
import type { Pool } from '#lib/kernel/db/pool.ts'
import { runSql } from '#lib/kernel/db/run-sql.ts'
import type { ProvisioningFreeze } from '#lib/kernel/model/people/provisioning-view.ts'
import { holdAllTokens } from './find-scim-token.ts'

/** @returns when, by whom and why provisioning was frozen; null: it isn't */
export async function findFreeze(pool: Pool): Promise<ProvisioningFreeze | null> {
  const [freeze] = await runSql<ProvisioningFreeze>(
    pool,
    Prisma.sql`
    SELECT f.reason, f.frozen_at AS "frozenAt", json_build_object('handle', u.handle, 'name', u.name) AS "frozenBy"
    FROM provisioning_freeze f JOIN user_account u ON u.id = f.frozen_by_id WHERE f.ended_at IS NULL`,
  )
  return freeze ?? null
}

export const isFrozen = async (tx: Tx): Promise<boolean> =>
  (await tx.provisioningFreeze.count({ where: { endedAt: null } })) > 0

/**
 * Freezes provisioning at commit: waits for committing changes; later ones are refused.
 * @returns false if it was already frozen
 */
export async function insertFreeze(
  tx: Tx,
  { id, reason, at, byId }: { id: string; reason: string; at: Date; byId: string },
): Promise<boolean> {
  const added = await tx.$executeRaw`
    INSERT INTO provisioning_freeze (id, reason, frozen_at, frozen_by_id) VALUES (${id}::uuid, ${reason}, ${at}, ${byId}::uuid)
    ON CONFLICT DO NOTHING`
  if (added > 0) await holdAllTokens(tx)
  return added > 0
}

/** @returns whether provisioning was frozen */
export async function endFreeze(tx: Tx, { at, byId }: { at: Date; byId: string }): Promise<boolean> {
  const { count } = await tx.provisioningFreeze.updateMany({
    where: { endedAt: null },
    data: { endedAt: at, endedById: byId },
  })
  return count > 0
}
