import { noteUnmatched, selectUnmatched } from '#lib/features/clusters/db/take-unmatched.ts'
import { inTransaction } from '#lib/kernel/db/in-transaction.ts'
import { selectWatcherIds } from '#lib/kernel/db/spaces/select-watcher-ids.ts'
import type { SystemContext } from '#lib/kernel/use-case/context.ts'
import { issuersInUse } from '#lib/kernel/use-case/issuers-in-use.ts'
import { notifyPeople } from '#lib/kernel/use-case/notify-people.ts'

/** Of each cluster, one alarm in this time: whoever holds a token decides how often it is used. */
const everyMs = 3_600_000

/**
 * Tells admins and auditors that a cluster’s audit has requests with an identity of Spaceport’s that Spaceport didn’t make.
 * How far they were told is stored with the alarm, so no restart repeats or loses one. Safe to run in several workers at once.
 */
export async function notifyUnmatched(ctx: SystemContext): Promise<void> {
  const at = ctx.clock()
  const before = new Date(at.getTime() - everyMs)
  for (const { clusterId, cluster, count, last, first } of await selectUnmatched(ctx.pool, before))
    await inTransaction(ctx.db, async (tx) => {
      if (!(await noteUnmatched(tx, { clusterId, last, at, before }))) return
      const event = {
        kind: 'identity-misused' as const,
        cluster,
        count,
        event: first.id,
        at: first.at.toISOString(),
        from: first.from,
      }
      await notifyPeople(ctx, tx, event, { to: await selectWatcherIds(tx, await issuersInUse(ctx, tx)) })
    })
}
