import type { Db } from './client.ts'

/**
 * Takes on asking whether the provider answers, so that no other process does at the same time.
 * @param before only if it was last asked at this instant or earlier
 * @returns whether this process is to ask
 */
export async function claimContact(db: Db, { at, before }: { at: Date; before: Date }): Promise<boolean> {
  const claimed = await db.$executeRaw`UPDATE provider_contact SET asked_at = ${at} WHERE asked_at <= ${before}`
  return claimed > 0
}
