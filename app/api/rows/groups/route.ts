import { searchKnownGroups } from '#lib/features/people/use-cases/search-known-groups.ts'
import { nameSearch } from '#lib/kernel/model/name-search.ts'
import { rowsRoute } from '#lib/web/page/rows-route.ts'

export const GET = rowsRoute({
  name: 'groups',
  input: nameSearch,
  useCase: searchKnownGroups,
  show: (found) => found,
})

export const dynamic = 'force-dynamic'
