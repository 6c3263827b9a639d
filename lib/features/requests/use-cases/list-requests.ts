import { z } from 'zod'
import type { RequestRecord } from '#lib/kernel/db/requests/find-request.ts'
import {
  countWaitingRequestRows,
  selectDecidedRequests,
  selectOwnRequests,
  selectWaitingRequests,
} from '#lib/kernel/db/requests/select-requests.ts'
import { nothing, viewPlatform } from '#lib/kernel/define/view-platform.ts'
import { pageNumber } from '#lib/kernel/model/page-number.ts'
import type { RequestRow } from '#lib/kernel/model/requests/request-view.ts'
import type { BrokerContext } from '#lib/kernel/use-case/context.ts'
import { eligibleDecider } from './may-decide.ts'
import { toRequestRow } from './request-row.ts'

const pageSize = 25

type Select = (ctx: BrokerContext, page: { skip: number; take: number }) => Promise<RequestRecord[]>

const boxes = {
  mine: (ctx, page) => selectOwnRequests(ctx.pool, ctx.actor.userId, page),
  waiting: (ctx, page) => selectWaitingRequests(ctx.pool, eligibleDecider(ctx), page),
  decided: (ctx, page) => selectDecidedRequests(ctx.pool, ctx.actor.userId, page),
} as const satisfies Record<string, Select>

/** @returns a page of requests: the person's own, those waiting for their decision, or those they decided */
export const listRequests = viewPlatform({
  permission: 'list-requests',
  input: z.strictObject({ box: z.enum(['mine', 'waiting', 'decided']), page: pageNumber.optional() }),
  read: async function readListRequests({
    ctx,
    input: { box, page = 1 },
  }): Promise<{ rows: RequestRow[]; more: boolean }> {
    const found = await boxes[box](ctx, { skip: (page - 1) * pageSize, take: pageSize + 1 })
    return {
      rows: found.slice(0, pageSize).map((request) => toRequestRow(ctx, request)),
      more: found.length > pageSize,
    }
  },
})

/** @returns how many requests the person can decide on, at most 100 */
export const countWaitingRequests = viewPlatform({
  permission: 'list-requests',
  input: nothing,
  read: ({ ctx }) => countWaitingRequestRows(ctx.pool, eligibleDecider(ctx)),
})
