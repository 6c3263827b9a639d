import type { BrokerContext } from '#lib/broker/use-case/context.ts'
import type { Tx } from '#lib/db/client.ts'
import { AppError } from '#lib/domain/errors.ts'

/** Ends an open offer without effect. @throws AppError offer_closed when it was accepted, ended or has lapsed meanwhile */
export async function closeOffer(
  ctx: BrokerContext,
  tx: Tx,
  id: string,
  state: 'declined' | 'withdrawn',
): Promise<void> {
  const at = ctx.clock()
  const { count } = await tx.offer.updateMany({
    where: { id, state: 'open', lapsesAt: { gt: at } },
    data: { state, closedAt: at },
  })
  if (count === 0) throw new AppError('offer_closed')
}
