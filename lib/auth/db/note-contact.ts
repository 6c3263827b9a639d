import type { Db, Tx } from '#lib/kernel/db/client.ts'

/** Notes that a provider answered. @param issuer without trailing slashes */
export async function noteProviderAnswer(db: Db | Tx, issuer: string): Promise<void> {
  await db.$executeRaw`UPDATE identity_provider SET failures = 0 WHERE issuer = ${issuer} AND failures > 0`
}

/** Notes that a provider gave no answer to the question of the process that took it on. */
export async function noteProviderSilence(db: Db, issuer: string): Promise<void> {
  await db.$executeRaw`UPDATE identity_provider SET failures = failures + 1 WHERE issuer = ${issuer}`
}
