import type { Db, Tx } from '#lib/kernel/db/client.ts'

/**
 * Takes on asking whether a provider answers, so that no other process does at the same time.
 * @param before only if it was last asked at this instant or earlier
 * @returns whether this process is to ask
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

/** Notes that a provider answered. @param issuer without trailing slashes */
export async function noteProviderAnswer(db: Db | Tx, issuer: string): Promise<void> {
  await db.$executeRaw`UPDATE identity_provider SET failures = 0 WHERE issuer = ${issuer} AND failures > 0`
}

/** Notes that a provider gave no answer to the question of the process that took it on. */
export async function noteProviderSilence(db: Db, issuer: string): Promise<void> {
  await db.$executeRaw`UPDATE identity_provider SET failures = failures + 1 WHERE issuer = ${issuer}`
}
