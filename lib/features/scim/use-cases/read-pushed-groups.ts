import { z } from 'zod'
import { selectPushedGroups } from '#lib/features/scim/db/select-pushed-groups.ts'
import { viewPlatform } from '#lib/kernel/define/view-platform.ts'
import { pageNumber } from '#lib/kernel/model/page-number.ts'
import type { PushedGroup } from '#lib/kernel/model/people/provisioning-view.ts'

const pageSize = 25

/** @returns a page of the pushed groups, by name */
export const readPushedGroups = viewPlatform({
  permission: 'list-provisioning-tokens',
  input: z.strictObject({ page: pageNumber.optional() }),
  read: async function readReadPushedGroups({
    ctx,
    input: { page = 1 },
  }): Promise<{ rows: PushedGroup[]; more: boolean }> {
    const skip = (page - 1) * pageSize
    const rows = await selectPushedGroups(ctx.pool, { skip, take: pageSize + 1, at: ctx.clock() })
    return { rows: rows.slice(0, pageSize), more: rows.length > pageSize }
  },
})
