import type { Tx } from '#lib/kernel/db/client.ts'

/** A digest in progress: its day and the last person notified. Days as 2026-11-27. */
export type DigestProgress = { day: string; dayBefore: string; lastUserId: string | null }

/**
 * Locks the daily digest until the transaction ends: the unfinished one, or that of `day`.
 * @returns null if it is finished or another worker has it
 */
export async function takeEndingDigest(tx: Tx, day: string): Promise<DigestProgress | null> {
  const [row] = await tx.$queryRaw<DigestProgress[]>`
    UPDATE ending_digest d SET done = false,
      day = CASE WHEN d.done THEN ${day}::date ELSE d.day END,
      day_before = CASE WHEN d.done THEN d.day ELSE d.day_before END,
      last_user_id = CASE WHEN d.done THEN NULL ELSE d.last_user_id END
    FROM (SELECT id FROM ending_digest WHERE NOT done OR day < ${day}::date FOR NO KEY UPDATE SKIP LOCKED) due
    WHERE d.id = due.id
    RETURNING d.day::text AS day, d.day_before::text AS "dayBefore", d.last_user_id AS "lastUserId"`
  return row ?? null
}

/**
 * Saves the digest's progress.
 * @param lastUserId the last person notified; null: finished
 */
export async function saveEndingDigest(tx: Tx, lastUserId: string | null): Promise<void> {
  await tx.endingDigest.updateMany({ data: { lastUserId, done: lastUserId === null } })
}
