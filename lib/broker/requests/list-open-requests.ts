import { z } from 'zod'
import { viewPlatform } from '#lib/broker/define/view-platform.ts'
import { selectOpenRequests } from '#lib/db/select-requests.ts'
import { dayMs } from '#lib/domain/duration.ts'
import { pageNumber } from '#lib/domain/page-number.ts'
import type { RequestRow } from '#lib/domain/request-view.ts'
import { toRequestRow } from './request-row.ts'

const pageSize = 25

/** What the list can be narrowed to; its address takes its limits from here. `day`: requests that wait for a day. */
export const openRequestsInput = z.strictObject({ age: z.enum(['day']).optional(), page: pageNumber.optional() })

/** @returns a page of all requests that wait for anybody’s decision, oldest first, for platform admins */
export const listOpenRequests = viewPlatform({
  permission: 'list-open-requests',
  input: openRequestsInput,
  async read({ ctx, input: { age, page = 1 } }): Promise<{ rows: RequestRow[]; more: boolean }> {
    const at = ctx.clock()
    const madeBy = age === 'day' ? new Date(at.getTime() - dayMs) : null
    const found = await selectOpenRequests(
      ctx.pool,
      { at, madeBy },
      { skip: (page - 1) * pageSize, take: pageSize + 1 },
    )
    return {
      rows: found.slice(0, pageSize).map((request) => toRequestRow(ctx, request)),
      more: found.length > pageSize,
    }
  },
})
