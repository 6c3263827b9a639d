import type { Tx } from '#lib/kernel/db/client.ts'
import { AppError } from '#lib/kernel/model/errors.ts'

type Decision = {
  state: 'approved' | 'denied'
  deciderId: string
  decisionReason: string | null
  /** When the approved access or space ends; null: never, or it was denied. */
  endsAt: Date | null
}

/**
 * Closes a request that can still be decided.
 * @param request.payloadHash the hash of what the decision was made on
 * @throws AppError request_closed when it has been decided, withdrawn or has expired, or its payload differs
 */
export async function closeRequest(
  tx: Tx,
  request: { id: string; payloadHash?: string },
  outcome: Decision | { state: 'withdrawn' },
  at: Date,
): Promise<void> {
  const { count } = await tx.request.updateMany({
    where: { ...request, state: 'open', expiresAt: { gt: at } },
    data: { ...outcome, decidedAt: at },
  })
  if (count === 0) throw new AppError('request_closed')
}
