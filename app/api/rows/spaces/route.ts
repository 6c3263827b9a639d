import { readSpaceRowsQuery } from '#app/read-space-query.ts'
import { toSpaceListData } from '#components/spaces/list/to-space-list-data.ts'
import { listSpaces } from '#lib/features/spaces/use-cases/list-spaces.ts'
import { rowsRoute } from '#lib/web/page/rows-route.ts'

export const GET = rowsRoute({
  name: 'space rows',
  input: readSpaceRowsQuery,
  useCase: listSpaces,
  show: toSpaceListData,
})

export const dynamic = 'force-dynamic'
