import type { Tx } from '#lib/kernel/db/client.ts'
import { inTransaction } from '#lib/kernel/db/in-transaction.ts'
import {
  type SuspendedPerson,
  suspendStaleSignIns,
  takeResumedPeople,
} from '#lib/kernel/db/policy/suspend-stale-sign-ins.ts'
import { enqueueReconcileForMembers } from '#lib/kernel/db/spaces/enqueue-reconcile.ts'
import type { SystemContext } from '#lib/kernel/use-case/context.ts'
import { writeSystemEvent } from '#lib/kernel/use-case/write-system-event.ts'

const maxPeople = 100

/**
 * Removes people from clusters when their group roles are suspended, and restores them when the roles count again
 * without a new confirmation. (Pages, changes and gateways decide by the clock.) Safe to run in several workers at
 * once.
 * @returns how many people of each kind
 */
export async function suspendGroups(ctx: SystemContext): Promise<{ paused: number; resumed: number }> {
  return {
    paused: await applyDue(ctx, 'groups.pause', (tx) => suspendStaleSignIns(tx, ctx.clock(), maxPeople)),
    resumed: await applyDue(ctx, 'groups.resume', (tx) => takeResumedPeople(tx, maxPeople)),
  }
}

async function applyDue(
  ctx: SystemContext,
  action: 'groups.pause' | 'groups.resume',
  take: (tx: Tx) => Promise<SuspendedPerson[]>,
): Promise<number> {
  for (let count = 0; ; ) {
    const { all, concerned } = await inTransaction(ctx.db, async (tx) => {
      const taken = await take(tx)
      const members = taken.filter(({ isInGroup }) => isInGroup)
      for (const { id, handle } of members) {
        const target = { kind: 'person' as const, id, name: handle }
        await writeSystemEvent(ctx, tx, { action, target, destination: 'portal' })
      }
      await enqueueReconcileForMembers(
        tx,
        members.map(({ id }) => id),
      )
      return { all: taken.length, concerned: members.length }
    })
    count += concerned
    if (all < maxPeople) return count
  }
}
