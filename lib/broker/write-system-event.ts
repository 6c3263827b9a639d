import type { AuditEventInput } from '../audit/audit-event.ts'
import { writeEventInTx } from '../audit/write-in-tx.ts'
import type { Tx } from '../db/client.ts'
import type { AuditAction } from '../domain/audit-action.ts'
import type { SystemContext } from './context.ts'

/** What ends by the clock is one complete row of the trail, in the transaction that writes it down. */
export async function writeSystemEvent(
  ctx: SystemContext,
  tx: Tx,
  event: { action: AuditAction } & Pick<AuditEventInput, 'target' | 'spaceId' | 'namespace' | 'destination' | 'detail'>,
): Promise<void> {
  const row: AuditEventInput = {
    ...event,
    at: ctx.clock(),
    actor: { kind: 'system', name: ctx.origin.observer },
    observer: ctx.origin.observer,
    outcome: 'ok',
    requestId: ctx.origin.requestId,
  }
  await writeEventInTx(tx, row)
}
