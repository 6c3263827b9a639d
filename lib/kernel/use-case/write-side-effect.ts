import type { Tx } from '#lib/kernel/db/client.ts'
import type { AuditAction } from '#lib/kernel/model/audit/audit-action.ts'
import type { AuditEventInput } from '#lib/kernel/trail/audit-event.ts'
import { writeEventsInTx } from '#lib/kernel/trail/write-in-tx.ts'
import { actorOf } from './actor-of.ts'
import type { ActingContext } from './context.ts'
import { declaredDetail } from './declared-detail.ts'

export type SideEffect = { action: AuditAction } & Pick<
  AuditEventInput,
  'target' | 'spaceId' | 'namespace' | 'destination' | 'detail'
>

/** Writes a side effect of a change as one complete trail row, in its transaction. */
export async function writeSideEffect(ctx: ActingContext, tx: Tx, event: SideEffect): Promise<void> {
  await writeSideEffects(ctx, tx, [event])
}

/** Like writeSideEffect, for many at once. */
export async function writeSideEffects(ctx: ActingContext, tx: Tx, events: readonly SideEffect[]): Promise<void> {
  const { declaredBy: _, ...origin } = ctx.origin
  const common = { ...origin, at: ctx.clock(), actor: actorOf(ctx), outcome: 'ok' } as const
  await writeEventsInTx(
    tx,
    events.map(
      (event): AuditEventInput => ({ ...event, ...common, detail: { ...event.detail, ...declaredDetail(ctx) } }),
    ),
  )
}
