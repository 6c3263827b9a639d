import { deleteFilterAction, renameFilterAction, saveFilterAction } from '#app/filter-actions.ts'
import type { KeptFilters } from '#components/ui/saved-filters.tsx'
import { sortedSearch } from '#components/ui/sorted-search.ts'
import { listFilters } from '#lib/broker/filters/list-filters.ts'
import { decidePermission } from '#lib/domain/permission.ts'
import type { FilteredList } from '#lib/domain/saved-filter.ts'
import type { PageContext } from '#lib/web/page/page-context.ts'

/** @returns what the person has saved for a list that they may see; null for an account that keeps nothing of its own */
export async function keptFilters(ctx: PageContext, list: FilteredList): Promise<KeptFilters | null> {
  const { platformRole, isSealed } = ctx.actor
  if (decidePermission('keep-filters', { platformRole, isSealed, standing: null }) !== 'allowed') return null
  const saved = await listFilters(ctx, { list })
  return {
    list,
    filters: saved.map(({ id, name, query }) => ({ id, name, search: sortedSearch(Object.entries(query)) })),
    save: saveFilterAction,
    rename: renameFilterAction,
    remove: deleteFilterAction,
  }
}
