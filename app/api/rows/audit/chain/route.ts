import { z } from 'zod'
import { toChainData } from '#components/audit/chain/chain-data.ts'
import { readChainForPage } from '#lib/features/audit/use-cases/read-chain-for-page.ts'
import { rowsRoute } from '#lib/web/page/rows-route.ts'

/** The state of the trail’s chain, polled while a verification runs. */
export const GET = rowsRoute({
  name: 'chain state',
  input: z.strictObject({}).transform(() => undefined),
  useCase: readChainForPage,
  show: toChainData,
})

export const dynamic = 'force-dynamic'
