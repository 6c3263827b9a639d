import type { Db, Tx } from './client.ts'

/** Notes that the provider answered. */
export async function noteProviderAnswer(db: Db | Tx): Promise<void> {
  await db.$executeRaw`UPDATE provider_contact SET failures = 0 WHERE failures > 0`
}

/** Notes that the provider gave no answer to the question of the process that took it on. */
export async function noteProviderSilence(db: Db): Promise<void> {
  await db.$executeRaw`UPDATE provider_contact SET failures = failures + 1`
}
