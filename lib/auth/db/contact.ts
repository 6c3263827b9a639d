import type { Db, Tx } from '#lib/kernel/db/client.ts'

/**
 * Claims the next check of whether a provider answers, so that only one process does it.
 * @param before claim it only if the last check was at or before this time
 * @returns whether this process should check
 */
export async function claimContact(
  db: Db,
  issuer: string,
  { at, before }: { at: Date; before: Date },
): Promise<boolean> {
  const claimed = await db.$executeRaw`
    INSERT INTO identity_provider (issuer, asked_at, failures) VALUES (${issuer}, ${at}, 0)
    ON CONFLICT (issuer) DO UPDATE SET asked_at = EXCLUDED.asked_at WHERE identity_provider.asked_at <= ${before}`
  return claimed > 0
}

/**
 * Records that a provider answered.
 * @param issuer without trailing slashes
 */
export async function noteProviderAnswer(db: Db | Tx, issuer: string): Promise<void> {
  await db.$executeRaw`UPDATE identity_provider SET failures = 0 WHERE issuer = ${issuer} AND failures > 0`
}

/** Records that a provider didn't answer the check that this process claimed. */
export async function noteProviderSilence(db: Db, issuer: string): Promise<void> {
  await db.$executeRaw`UPDATE identity_provider SET failures = failures + 1 WHERE issuer = ${issuer}`
}
