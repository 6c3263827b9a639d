import { noteUnmatched, selectUnmatched } from '#lib/features/clusters/db/take-unmatched.ts'
import { inTransaction } from '#lib/kernel/db/in-transaction.ts'
import { selectWatcherIds } from '#lib/kernel/db/spaces/select-watcher-ids.ts'
import type { SystemContext } from '#lib/kernel/use-case/context.ts'
import { issuersInUse } from '#lib/kernel/use-case/issuers-in-use.ts'
import { notifyPeople } from '#lib/kernel/use-case/notify-people.ts'

/** At most one alarm per cluster in this time, because the holder of a token decides how often it is used. */
const everyMs = 3_600_000

/**
 * Notifies admins and auditors of requests in a cluster’s audit that used one of Spaceport’s identities and that
 * Spaceport didn’t make. The position is stored with the alarm, so a restart neither repeats nor loses one. Safe to run
 * in several workers at once.
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
