import type { Tx } from '#lib/kernel/db/client.ts'
import { processOf } from '#lib/kernel/model/audit/observer.ts'
import type { AuditEventInput } from '#lib/kernel/trail/audit-event.ts'
import { writeEventInTx } from '#lib/kernel/trail/write-in-tx.ts'
import type { SystemContext } from './context.ts'
import type { SideEffect } from './write-side-effect.ts'

/** Writes an expiry as one complete trail row by the system, no matter who notices it first. */
export async function writeSystemEvent(ctx: SystemContext, tx: Tx, event: SideEffect): Promise<void> {
  const { observer, requestId } = ctx.origin
  const actor = { kind: 'system', name: processOf(observer) } as const
  const row: AuditEventInput = { ...event, at: ctx.clock(), actor, observer, requestId, outcome: 'ok' }
  await writeEventInTx(tx, row)
}
