import {
  forgetUnseen,
  markUnseen,
  postponeUnseen,
  takeToRemind,
  takeToWarn,
  takeUnseen,
  type Unseen,
} from '#lib/features/people/db/unseen.ts'
import { unseenReason } from '#lib/features/people/model/unseen.ts'
import type { Tx } from '#lib/kernel/db/client.ts'
import { inTransaction } from '#lib/kernel/db/in-transaction.ts'
import { insertInboxEvents } from '#lib/kernel/db/inbox/insert-inbox-events.ts'
import type { SystemContext } from '#lib/kernel/use-case/context.ts'
import { endAccess } from '#lib/kernel/use-case/end-access.ts'
import { writeSystemEvent } from '#lib/kernel/use-case/write-system-event.ts'

/** People in one transaction, and deactivated in one run: what is left is for the next. */
const maxWarned = 100
const maxDeactivated = 200

/**
 * Warns people whom nobody has seen for long, twice, and deactivates those who stay away, as a platform admin would
 * (docs/adr/0019-deactivation-and-unseen-people.md). Safe to run in several workers at once.
 * @returns how many of each
 */
export async function deactivateUnseen(
  ctx: SystemContext,
): Promise<{ warned: number; reminded: number; deactivated: number }> {
  await forgetUnseen(ctx.db, ctx.clock())
  return {
    warned: await warn(ctx, takeToWarn),
    reminded: await warn(ctx, takeToRemind),
    deactivated: await deactivate(ctx),
  }
}

async function warn(ctx: SystemContext, take: (tx: Tx, at: Date, limit: number) => Promise<Unseen[]>): Promise<number> {
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

/** Each in a transaction of their own, which holds the person, then their spaces. */
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
  const person = await takeUnseen(tx, ctx.clock())
  if (!person) return 'nobody'
  const { id, handle, days } = person
  const reason = unseenReason(days)
  if (!(await markUnseen(tx, id, { at: ctx.clock(), reason }))) {
    await postponeUnseen(tx, id, ctx.clock())
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
