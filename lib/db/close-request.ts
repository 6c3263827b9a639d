import { AppError } from '#lib/domain/errors.ts'
import type { Tx } from './client.ts'

type Decision = {
  state: 'approved' | 'denied'
  deciderId: string
  decisionReason: string | null
  /** When what was approved ends; null: never, or nothing was approved. */
  endsAt: Date | null
}

/**
 * Closes a request that can still be decided.
 * @param request.payloadHash of what a decision was made on
 * @throws AppError request_closed when it was decided, withdrawn or has lapsed meanwhile, or asks for something else
 */
export async function closeRequest(
  tx: Tx,
  request: { id: string; payloadHash?: string },
  outcome: Decision | { state: 'cancelled' },
  at: Date,
): Promise<void> {
  const { count } = await tx.request.updateMany({
    where: { ...request, state: 'open', lapsesAt: { gt: at } },
    data: { ...outcome, decidedAt: at },
  })
  if (count === 0) throw new AppError('request_closed')
}
