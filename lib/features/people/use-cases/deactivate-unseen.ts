import {
  clearWarnings,
  deactivateIfUnseen,
  markReminded,
  markWarned,
  postponeDeactivation,
  takeDueForDeactivation,
  type WarnedPerson,
} from '#lib/features/people/db/unseen.ts'
import { unseenReason } from '#lib/features/people/model/unseen.ts'
import type { Tx } from '#lib/kernel/db/client.ts'
import { inTransaction } from '#lib/kernel/db/in-transaction.ts'
import { insertInboxEvents } from '#lib/kernel/db/inbox/insert-inbox-events.ts'
import type { SystemContext } from '#lib/kernel/use-case/context.ts'
import { endAccess } from '#lib/kernel/use-case/end-access.ts'
import { writeSystemEvent } from '#lib/kernel/use-case/write-system-event.ts'

/** Limit of people in one transaction, and of deactivations in one run. The next run does the rest. */
const maxWarned = 100
const maxDeactivated = 200

/**
 * Warns inactive people twice, then deactivates them like a platform admin would
 * (docs/adr/0019-deactivation-and-unseen-people.md). Safe to run in several workers at once.
 * @returns the number of people in each step
 */
export async function deactivateUnseen(
  ctx: SystemContext,
): Promise<{ warned: number; reminded: number; deactivated: number }> {
  await clearWarnings(ctx.db, ctx.clock())
  return {
    warned: await warn(ctx, markWarned),
    reminded: await warn(ctx, markReminded),
    deactivated: await deactivate(ctx),
  }
}

async function warn(
  ctx: SystemContext,
  take: (tx: Tx, at: Date, limit: number) => Promise<WarnedPerson[]>,
): Promise<number> {
  for (let warned = 0; ; ) {
    const batch = await inTransaction(ctx.db, async (tx) => {
      const at = ctx.clock()
      const people = await take(tx, at, maxWarned)
      const events = people.map(({ id, endsAt, days }) => ({
        to: id,
        event: { kind: 'deactivation-coming' as const, at: endsAt.toISOString(), days },
        spaceId: null,
      }))
      await insertInboxEvents(tx, events, at)
      return people.length
    })
    warned += batch
    if (batch < maxWarned) return warned
  }
}

/** One transaction per person, which locks the person, then their spaces. */
async function deactivate(ctx: SystemContext): Promise<number> {
  let deactivated = 0
  for (let looked = 0; looked < maxDeactivated; looked++) {
    const outcome = await inTransaction(ctx.db, (tx) => deactivateNext(ctx, tx))
    if (outcome === 'nobody') break
    if (outcome === 'deactivated') deactivated++
  }
  return deactivated
}

async function deactivateNext(ctx: SystemContext, tx: Tx): Promise<'deactivated' | 'postponed' | 'nobody'> {
  const person = await takeDueForDeactivation(tx, ctx.clock())
  if (!person) return 'nobody'
  const { id, handle, days } = person
  const reason = unseenReason(days)
  if (!(await deactivateIfUnseen(tx, id, { at: ctx.clock(), reason }))) {
    await postponeDeactivation(tx, id, ctx.clock())
    return 'postponed'
  }
  const { credentials, spaces } = await endAccess(ctx, tx, person, reason)
  await writeSystemEvent(ctx, tx, {
    action: 'person.deactivate',
    target: { kind: 'person', id, name: handle },
    destination: 'portal',
    detail: { reason, credentials, spaces: spaces.length },
  })
  return 'deactivated'
}
