import { z } from 'zod'
import { selectOpenRequests } from '#lib/kernel/db/requests/select-requests.ts'
import { viewPlatform } from '#lib/kernel/define/view-platform.ts'
import { dayMs } from '#lib/kernel/model/duration.ts'
import { pageNumber } from '#lib/kernel/model/page-number.ts'
import type { RequestRow } from '#lib/kernel/model/requests/request-view.ts'
import { toRequestRow } from './request-row.ts'

const pageSize = 25

/** Filters of the list, also parsed from its URL. `day`: requests open for at least a day. */
export const openRequestsInput = z.strictObject({ age: z.enum(['day']).optional(), page: pageNumber.optional() })

/** @returns a page of all open requests, oldest first, for platform admins */
export const listOpenRequests = viewPlatform({
  permission: 'list-open-requests',
  input: openRequestsInput,
  read: async function readListOpenRequests({
    ctx,
    input: { age, page = 1 },
  }): Promise<{ rows: RequestRow[]; more: boolean }> {
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
