import { z } from 'zod'
import { nothing, viewPlatform } from '#lib/broker/define/view-platform.ts'
import { viewInSpace } from '#lib/broker/define/view-space.ts'
import { spaceKey } from '#lib/broker/use-case/authorize.ts'
import { findNewestRow } from '#lib/db/find-newest-row.ts'

/** @returns the newest row of the trail, another whenever one is added, for auditors and platform admins */
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
