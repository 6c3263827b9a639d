import { authorizePlatform } from '#lib/broker/use-case/authorize.ts'
import type { BrokerContext } from '#lib/broker/use-case/context.ts'
import { selectNotices } from '#lib/db/select-notices.ts'
import type { OfficeNotice } from '#lib/domain/office-act.ts'

/**
 * @param spaceId of one space; null: of all
 * @returns what the person was told of and has not said to have seen, the newest first; at most 20
 */
export async function listNotices(ctx: BrokerContext, spaceId: string | null = null): Promise<OfficeNotice[]> {
  authorizePlatform(ctx, 'list-notices')
  const rows = await selectNotices(ctx.pool, ctx.actor.userId, spaceId)
  return rows.map(({ space, cluster, ...notice }) => ({ ...notice, space: { name: space, cluster } }))
}
