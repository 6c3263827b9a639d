import type { Tx } from '#lib/kernel/db/client.ts'

/** A digest that is under way: of which day, and how far it has come. Days as 2026-11-27. */
export type DigestProgress = { day: string; dayBefore: string; lastUserId: string | null }

/**
 * Takes the daily digest until the transaction ends: the one that isn't done, or the one of `day`.
 * @returns null when everybody has been told, or another worker holds it
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

/** Notes how far the digest has come. @param lastUserId the last person who was told; null: everybody was */
export async function saveEndingDigest(tx: Tx, lastUserId: string | null): Promise<void> {
  await tx.endingDigest.updateMany({ data: { lastUserId, done: lastUserId === null } })
}
