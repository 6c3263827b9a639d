import { z } from 'zod'
import { authorizePlatform } from '#lib/broker/use-case/authorize.ts'
import { commitOnce } from '#lib/broker/use-case/commit-once.ts'
import type { BrokerContext } from '#lib/broker/use-case/context.ts'
import { recorded } from '#lib/broker/use-case/recorded.ts'
import { findNotice } from '#lib/db/find-notice.ts'
import { markNoticeSeen } from '#lib/db/mark-notice-seen.ts'
import { AppError } from '#lib/domain/errors.ts'

export const dismissNoticeInput = z.strictObject({ id: z.uuid() })

/** Says that one has seen what one was told. It stays in the trail. @throws AppError not_found */
export async function dismissNotice(ctx: BrokerContext, { id }: z.infer<typeof dismissNoticeInput>): Promise<void> {
  await recorded(ctx, 'notice.dismiss', { target: { kind: 'notice', id } }, async (record) => {
    authorizePlatform(ctx, 'dismiss-notice')
    const { userId } = ctx.actor
    const found = await findNotice(ctx.db, userId, id)
    if (!found) throw new AppError('not_found')
    record.about({ spaceId: found.spaceId })
    await commitOnce(record, (tx) => markNoticeSeen(tx, userId, id, ctx.clock()))
  })
}
