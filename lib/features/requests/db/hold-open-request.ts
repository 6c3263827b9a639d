import type { Tx } from '#lib/kernel/db/client.ts'
import { AppError } from '#lib/kernel/model/errors.ts'

/**
 * Locks a request that can still be decided until the transaction ends, after people's and spaces' rows.
 * @throws AppError request_closed when it has been decided, withdrawn or has expired, or its payload differs
 */
export async function holdOpenRequest(tx: Tx, request: { id: string; payloadHash: string }, at: Date): Promise<void> {
  const held = await tx.$queryRaw<object[]>`
    SELECT id FROM request WHERE id = ${request.id}::uuid AND payload_hash = ${request.payloadHash} AND state = 'open'
      AND expires_at > ${at} FOR NO KEY UPDATE`
  if (held.length === 0) throw new AppError('request_closed')
}
