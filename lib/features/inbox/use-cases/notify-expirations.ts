import { selectEndings } from '#lib/features/inbox/db/expirations.ts'
import { saveEndingDigest, takeEndingDigest } from '#lib/features/inbox/db/take-expiration-digest.ts'
import { lastDigestDay } from '#lib/features/inbox/model/digest-day.ts'
import { inTransaction } from '#lib/kernel/db/in-transaction.ts'
import { insertInboxEvents } from '#lib/kernel/db/inbox/insert-inbox-events.ts'
import type { SystemContext } from '#lib/kernel/use-case/context.ts'

const maxPeople = 500
const maxListed = 10

/**
 * Sends the daily digest of expirations in seven, three and one days, one event per person. Each batch commits with its
 * progress, so everyone is notified exactly once, with any number of workers and after crashes.
 * @returns the number of people notified
 */
export async function notifyExpirations(ctx: SystemContext): Promise<number> {
  for (let notified = 0; ; ) {
    const batch = await notifyBatch(ctx)
    if (batch === null) return notified
    notified += batch
  }
}

/** @returns the number of people notified; null: finished, or another worker has the digest */
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
