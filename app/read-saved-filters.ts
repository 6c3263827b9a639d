import { deleteFilterAction, renameFilterAction, saveFilterAction } from '#app/filter-actions.ts'
import type { KeptFilters } from '#components/filters/saved-filters.tsx'
import { sortedSearch } from '#components/ui/list/sorted-search.ts'
import type { FilteredList } from '#lib/features/filters/model/saved-filter.ts'
import { listFilters } from '#lib/features/filters/use-cases/list-filters.ts'
import { decidePermission } from '#lib/kernel/model/people/permission.ts'
import type { PageContext } from '#lib/web/page/page-context.ts'

/** @returns the person's saved filters of a list; null for an account that can't save filters */
export async function readSavedFilters(ctx: PageContext, list: FilteredList): Promise<KeptFilters | null> {
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
