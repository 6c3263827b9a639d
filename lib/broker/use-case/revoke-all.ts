import type { Tx } from '#lib/db/client.ts'
import { markCredentialsRevoked, type ToRevoke } from '#lib/db/mark-credentials-revoked.ts'
import type { BrokerContext } from './context.ts'
import { writeSideEffect } from './write-side-effect.ts'

/** As many ids as fit into a row of the trail. */
const batch = 150

/**
 * Revokes credentials in batches, in the transaction of an act that is about them. Each batch is a row of the trail with
 * the ids of its credentials.
 * @param detail what each of the rows says besides
 * @returns how many were revoked; at most `limit`
 */
export async function revokeAll(
  ctx: BrokerContext,
  tx: Tx,
  chosen: ToRevoke,
  { limit, detail }: { limit: number; detail: Record<string, unknown> },
): Promise<number> {
  const at = ctx.clock()
  for (let revoked = 0; ; ) {
    const next = Math.min(batch, limit - revoked)
    const credentials =
      next > 0 ? await markCredentialsRevoked(tx, chosen, { at, byId: ctx.actor.userId, limit: next }) : []
    if (credentials.length === 0) return revoked
    revoked += credentials.length
    await writeSideEffect(ctx, tx, {
      action: 'credential.revoke',
      target: { kind: 'credential' },
      destination: 'portal',
      detail: { ...detail, credentials },
    })
  }
}
