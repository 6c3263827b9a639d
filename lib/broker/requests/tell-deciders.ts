import type { BrokerContext } from '#lib/broker/use-case/context.ts'
import { tellPeople } from '#lib/broker/use-case/tell-people.ts'
import type { Tx } from '#lib/db/client.ts'
import { selectDeciders } from '#lib/db/select-deciders.ts'
import type { EventOf } from '#lib/domain/event.ts'

/** Tells those who decide on the person's request. @param spaceId the space that it is about, if any */
export async function tellDeciders(
  ctx: BrokerContext,
  tx: Tx,
  event: EventOf<'request-waiting' | 'request-withdrawn'>,
  spaceId: string | null,
): Promise<void> {
  const request = { kind: event.asked.kind, requesterId: ctx.actor.userId, spaceId }
  await tellPeople(ctx, tx, event, { to: await selectDeciders(tx, request, ctx.issuer), spaceId })
}
