import { selectEndings } from '#lib/features/inbox/db/expirations.ts'
import { saveEndingDigest, takeEndingDigest } from '#lib/features/inbox/db/take-expiration-digest.ts'
import { lastDigestDay } from '#lib/features/inbox/model/digest-day.ts'
import { inTransaction } from '#lib/kernel/db/in-transaction.ts'
import { insertInboxEvents } from '#lib/kernel/db/inbox/insert-inbox-events.ts'
import type { SystemContext } from '#lib/kernel/use-case/context.ts'

const maxPeople = 500
const maxListed = 10

/**
 * Tells people once a day what ends for them in seven, three and one days: one event each, in batches, each in a
 * transaction with how far the digest has come. So nobody is told twice or left out, however many workers there are and
 * whenever they die.
 * @returns how many people were told
 */
export async function notifyExpirations(ctx: SystemContext): Promise<number> {
  for (let told = 0; ; ) {
    const batch = await notifyBatch(ctx)
    if (batch === null) return told
    told += batch
  }
}

/** @returns how many were told; null: there is nobody left, or another worker is at it */
async function notifyBatch(ctx: SystemContext): Promise<number | null> {
  const at = ctx.clock()
  return inTransaction(ctx.db, async (tx) => {
    const digest = await takeEndingDigest(tx, lastDigestDay(at))
    if (!digest) return null
    const people = await selectEndings(tx, digest, { at, maxPeople, maxListed })
    const events = people.map(({ userId, ends, count }) => ({
      to: userId,
      event: { kind: 'endings' as const, ends, more: count - ends.length },
      spaceId: null,
      dedupeKey: `endings:${digest.day}`,
    }))
    await insertInboxEvents(tx, events, at)
    await saveEndingDigest(tx, people.length < maxPeople ? null : (people.at(-1)?.userId ?? null))
    return people.length
  })
}
