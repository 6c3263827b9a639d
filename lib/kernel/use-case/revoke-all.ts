import type { Tx } from '#lib/kernel/db/client.ts'
import { markCredentialsRevoked, type ToRevoke } from '#lib/kernel/db/credentials/mark-credentials-revoked.ts'
import type { BrokerContext, SystemContext } from './context.ts'
import { nameOf, notifyPeople } from './notify-people.ts'
import { writeSideEffect } from './write-side-effect.ts'

/** As many ids as fit into a row of the trail. */
const batch = 150

/**
 * Revokes credentials in batches, each with a trail row of their ids, and notifies their owners if a person does it.
 * @param detail further details for each row
 * @returns how many were revoked; at most `limit`
 */
export async function revokeAll(
  ctx: BrokerContext | SystemContext,
  tx: Tx,
  chosen: ToRevoke,
  { limit, detail }: { limit: number; detail: Record<string, unknown> & { reason?: string } },
): Promise<number> {
  const at = ctx.clock()
  const byId = 'actor' in ctx ? ctx.actor.userId : null
  const counts = new Map<string, number>()
  for (let revoked = 0; ; ) {
    const next = Math.min(batch, limit - revoked)
    const credentials = next > 0 ? await markCredentialsRevoked(tx, chosen, { at, byId, limit: next }) : []
    if (credentials.length === 0) {
      if ('actor' in ctx) await notifyOwners(ctx, tx, counts, detail.reason ?? null)
      return revoked
    }
    revoked += credentials.length
    for (const { userId } of credentials) counts.set(userId, (counts.get(userId) ?? 0) + 1)
    await writeSideEffect(ctx, tx, {
      action: 'credential.revoke',
      target: { kind: 'credential' },
      destination: 'portal',
      detail: { ...detail, credentials: credentials.map(({ id }) => id) },
    })
  }
}

/** People who lost the same number get the same event, so that thousands are notified in a few statements. */
async function notifyOwners(ctx: BrokerContext, tx: Tx, counts: ReadonlyMap<string, number>, reason: string | null) {
  const people = Map.groupBy(counts.keys(), (userId) => counts.get(userId) ?? 0)
  for (const [count, to] of people)
    await notifyPeople(ctx, tx, { kind: 'credentials-revoked', count, by: nameOf(ctx.actor), reason }, { to })
}
