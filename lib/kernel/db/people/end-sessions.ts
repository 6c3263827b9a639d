import type { Tx } from '#lib/kernel/db/client.ts'

/** Which of a person's sessions: one, all, or all but one. */
export type SessionChoice = { only: string } | { except: string | null }

/**
 * Ends a person's sessions: their rows are removed, also of those that were over already. The table's trigger tells
 * open pages.
 * @returns how many of them were alive
 */
export async function endSessions(
  tx: Tx,
  userId: string,
  choice: SessionChoice,
  { at, idleSince }: { at: Date; idleSince: Date },
): Promise<number> {
  const only = 'only' in choice ? choice.only : null
  const except = 'except' in choice ? choice.except : null
  const [row] = await tx.$queryRaw<{ ended: number }[]>`
    WITH gone AS (
      DELETE FROM session WHERE user_id = ${userId}::uuid AND (${only}::uuid IS NULL OR id = ${only}::uuid)
        AND (${except}::uuid IS NULL OR id <> ${except}::uuid)
      RETURNING expires_at, last_seen_at)
    SELECT count(*)::int AS ended FROM gone WHERE expires_at > ${at} AND last_seen_at > ${idleSince}`
  return row?.ended ?? 0
}
