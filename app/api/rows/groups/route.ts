import { searchKnownGroups, searchKnownGroupsInput } from '#lib/features/people/use-cases/search-known-groups.ts'
import { rowsRoute } from '#lib/web/page/rows-route.ts'

export const GET = rowsRoute({
  name: 'groups',
  input: searchKnownGroupsInput,
  useCase: searchKnownGroups,
  show: (found) => found,
})

export const dynamic = 'force-dynamic'
