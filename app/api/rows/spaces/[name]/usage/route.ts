import { readUsageHistory, usageHistoryInput } from '#lib/features/spaces/use-cases/read-usage-history.ts'
import { spaceKey } from '#lib/kernel/use-case/authorize.ts'
import { rowsRoute } from '#lib/web/page/rows-route.ts'

/** A space's quota usage over the last day or week, for the charts on its page. */
export const GET = rowsRoute({
  name: 'usage over time',
  input: spaceKey
    .extend({ range: usageHistoryInput.shape.range.default('day') })
    .transform(({ range, ...space }) => ({ space, range })),
  useCase: readUsageHistory,
  show: (history) => history,
})

export const dynamic = 'force-dynamic'
