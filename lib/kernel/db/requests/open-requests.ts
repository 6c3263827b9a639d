import type { Tx } from '#lib/kernel/db/client.ts'
import type { RequestPayload } from '#lib/kernel/model/requests/access-request.ts'
import { parsePayload } from '#lib/kernel/model/requests/parse-payload.ts'

/** @returns how many requests a person made after an instant, in any state */
export const countRequestsSince = (tx: Tx, requesterId: string, after: Date): Promise<number> =>
  tx.request.count({ where: { requesterId, createdAt: { gt: after } } })

/** @returns the payloads of a person's open requests; @throws ZodError when one was tampered with */
export async function selectOpenPayloads(tx: Tx, requesterId: string, at: Date): Promise<RequestPayload[]> {
  const open = await tx.request.findMany({
    where: { requesterId, state: 'open', expiresAt: { gt: at } },
    select: { payload: true },
  })
  return open.map(({ payload }) => parsePayload(payload))
}
