import type { Tx } from '#lib/kernel/db/client.ts'
import { inTransaction } from '#lib/kernel/db/in-transaction.ts'
import { selectAdminIds } from '#lib/kernel/db/people/admins.ts'
import {
  findPushedSuspension,
  type SuspendedGroup,
  suspendStaleGroups,
  takeResumedGroups,
} from '#lib/kernel/db/policy/suspend-stale-groups.ts'
import { enqueueReconcileForGroups } from '#lib/kernel/db/spaces/enqueue-reconcile.ts'
import type { SystemContext } from '#lib/kernel/use-case/context.ts'
import { issuersInUse } from '#lib/kernel/use-case/issuers-in-use.ts'
import { notifyPeople } from '#lib/kernel/use-case/notify-people.ts'
import { writeSystemEvent } from '#lib/kernel/use-case/write-system-event.ts'

const maxGroups = 100
const noticeHours = 72

/**
 * Removes members of pushed groups from clusters when no provisioning token was used for too long, and restores them
 * when one is. (Pages, changes and gateways decide by the clock.) Safe to run in several workers at once.
 * @returns how many groups of each kind
 */
export async function suspendPushedGroups(ctx: SystemContext): Promise<{ paused: number; resumed: number }> {
  return {
    paused: await applyDue(ctx, 'provisioning.group-pause', (tx) => suspendStaleGroups(tx, ctx.clock(), maxGroups)),
    resumed: await applyDue(ctx, 'provisioning.group-resume', (tx) => takeResumedGroups(tx, maxGroups)),
  }
}

async function applyDue(
  ctx: SystemContext,
  action: 'provisioning.group-pause' | 'provisioning.group-resume',
  take: (tx: Tx) => Promise<SuspendedGroup[]>,
): Promise<number> {
  for (let count = 0; ; ) {
    const groups = await inTransaction(ctx.db, async (tx) => {
      const taken = await take(tx)
      for (const { id, name } of taken)
        await writeSystemEvent(ctx, tx, { action, target: { kind: 'group', id, name }, destination: 'portal' })
      for (const [issuer, some] of Map.groupBy(taken, (group) => group.issuer))
        await enqueueReconcileForGroups(
          tx,
          issuer,
          some.map(({ name }) => name),
        )
      return taken.length
    })
    count += groups
    if (groups < maxGroups) return count
  }
}

/**
 * Notifies platform admins some days before pushed groups are suspended, once per suspension.
 * @returns whether that is soon
 */
export async function notifyPushedSuspension(ctx: SystemContext): Promise<boolean> {
  const until = await findPushedSuspension(ctx.pool, noticeHours)
  if (until === null) return false
  const at = until.toISOString()
  await inTransaction(ctx.db, async (tx) => {
    const to = await selectAdminIds(tx, await issuersInUse(ctx, tx))
    await notifyPeople(ctx, tx, { kind: 'provisioning-idle', at }, { to, dedupeKey: `provisioning-idle:${at}` })
  })
  return true
}
