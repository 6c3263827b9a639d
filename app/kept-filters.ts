import { deleteFilterAction, renameFilterAction, saveFilterAction } from '#app/filter-actions.ts'
import type { KeptFilters } from '#components/filters/saved-filters.tsx'
import { sortedSearch } from '#components/ui/list/sorted-search.ts'
import type { FilteredList } from '#lib/features/filters/model/saved-filter.ts'
import { listFilters } from '#lib/features/filters/use-cases/list-filters.ts'
import { decidePermission } from '#lib/kernel/model/people/permission.ts'
import type { PageContext } from '#lib/web/page/page-context.ts'

/** @returns what the person has saved for a list that they may see; null for an account that keeps nothing of its own */
export async function keptFilters(ctx: PageContext, list: FilteredList): Promise<KeptFilters | null> {
  const { platformRole, isBreakGlass } = ctx.actor
  if (decidePermission('keep-filters', { platformRole, isBreakGlass, standing: null }) !== 'allowed') return null
  const saved = await listFilters(ctx, { list })
  return {
    list,
    filters: saved.map(({ id, name, query }) => ({ id, name, search: sortedSearch(Object.entries(query)) })),
    save: saveFilterAction,
    rename: renameFilterAction,
    remove: deleteFilterAction,
  }
}
