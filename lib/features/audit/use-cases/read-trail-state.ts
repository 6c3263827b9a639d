import { z } from 'zod'
import { findNewestRow } from '#lib/features/audit/db/find-newest-row.ts'
import { nothing, viewPlatform } from '#lib/kernel/define/view-platform.ts'
import { viewInSpace } from '#lib/kernel/define/view-space.ts'
import { spaceKey } from '#lib/kernel/use-case/authorize.ts'

/** @returns the newest row of the trail, which changes with every new row, for auditors and platform admins */
export const readTrailState = viewPlatform({
  permission: 'list-audit',
  input: nothing,
  read: ({ ctx }) => findNewestRow(ctx.pool, null),
})

/** @returns the newest action in a space, for its members */
export const readActivityState = viewInSpace({
  permission: 'read-space-activity',
  input: z.strictObject({ space: spaceKey }),
  read: ({ ctx, space }) => findNewestRow(ctx.pool, space.id),
})
