import { z } from 'zod'
import { selectUsageSamples } from '#lib/kernel/db/spaces/usage-samples.ts'
import { viewInSpace } from '#lib/kernel/define/view-space.ts'
import { historyOf, instantsOf, type UsageHistory } from '#lib/kernel/model/spaces/usage-sample.ts'
import { spaceKey } from '#lib/kernel/use-case/authorize.ts'

export const usageHistoryInput = z.strictObject({ space: spaceKey, range: z.enum(['day', 'week']) })

/**
 * A space's use of its quota over the last day or week, as the worker sampled it. Samples belong to the space, not its
 * name: a later space of that name doesn't have them.
 * @throws AppError forbidden for non-members, platform admins included
 */
export const readUsageHistory = viewInSpace({
  permission: 'read-space-inside',
  input: usageHistoryInput,
  async read({ ctx, space, input: { range } }): Promise<UsageHistory> {
    const now = ctx.clock()
    return historyOf(range, now, await selectUsageSamples(ctx.pool, space.id, instantsOf(range, now)))
  },
})
