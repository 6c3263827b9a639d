import type { Tx } from '#lib/kernel/db/client.ts'

/**
 * Deactivates a person whom nobody has seen, unless they are the last active platform admin or were seen after all: a
 * function of the database decides, which its guard of the column asks as well. The table's trigger tells the gateways.
 * @returns whether they are deactivated now
 */
export async function markUnseen(tx: Tx, id: string, { at, reason }: { at: Date; reason: string }): Promise<boolean> {
  const marked = await tx.$executeRaw`
    UPDATE user_account SET deactivated_at = ${at}, deactivation_reason = ${reason}
    WHERE id = ${id}::uuid AND may_deactivate_unseen(id)`
  return marked > 0
}
