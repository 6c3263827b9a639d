import { z } from 'zod'
import { ids } from '#app/form-fields.ts'
import { searchQuery } from '#lib/features/search/model/search-query.ts'
import { searchPortal } from '#lib/features/search/use-cases/search-portal.ts'
import { rowsRoute } from '#lib/web/page/rows-route.ts'

const address = z.strictObject({ text: z.string().optional(), spaces: ids.optional(), people: ids.optional() })

export const GET = rowsRoute({
  name: 'search',
  input: address.pipe(searchQuery),
  useCase: searchPortal,
  show: (found) => found,
})

export const dynamic = 'force-dynamic'
