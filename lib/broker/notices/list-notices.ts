import { z } from 'zod'
import { nothing, viewPlatform } from '#lib/broker/define/view-platform.ts'
import { selectNotices } from '#lib/db/select-notices.ts'
import type { OfficeNotice } from '#lib/domain/office-act.ts'

/** The space that they are about; left out: all. */
const listNoticesInput = z.uuid().or(nothing)

/** @returns the person's undismissed notices, newest first; at most 20 */
export const listNotices = viewPlatform({
  permission: 'list-notices',
  input: listNoticesInput,
  async read({ ctx, input }): Promise<OfficeNotice[]> {
    const rows = await selectNotices(ctx.pool, ctx.actor.userId, input ?? null)
    return rows.map(({ space, cluster, ...notice }) => ({ ...notice, space: { name: space, cluster } }))
  },
})
