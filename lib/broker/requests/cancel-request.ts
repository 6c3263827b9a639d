import { z } from 'zod'
import { authorizePlatform } from '#lib/broker/use-case/authorize.ts'
import type { BrokerContext } from '#lib/broker/use-case/context.ts'
import { recorded } from '#lib/broker/use-case/recorded.ts'
import { closeRequest } from '#lib/db/close-request.ts'
import { findOwnRequest } from '#lib/db/find-own-request.ts'
import { AppError } from '#lib/domain/errors.ts'

export const cancelRequestInput = z.strictObject({ id: z.uuid() })

/** Withdraws one's own open request. @throws AppError not_found, request_closed */
export async function cancelRequest(ctx: BrokerContext, { id }: z.infer<typeof cancelRequestInput>): Promise<void> {
  await recorded(ctx, 'request.cancel', { target: { kind: 'request', id } }, async (record) => {
    authorizePlatform(ctx, 'cancel-request')
    const request = await findOwnRequest(ctx.db, ctx.actor.userId, id)
    if (!request) throw new AppError('not_found')
    if (request.spaceId) record.about({ spaceId: request.spaceId })
    await record.commit((tx) => closeRequest(tx, { id }, { state: 'cancelled' }, ctx.clock()))
  })
}
