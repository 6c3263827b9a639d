import { type FilterRecord, findSavedFilter } from '#lib/features/filters/db/saved-filters.ts'
import { filteredLists } from '#lib/features/filters/model/saved-filter.ts'
import type { Db, Tx } from '#lib/kernel/db/client.ts'
import { decidePermission, roleStateOf } from '#lib/kernel/model/people/permission.ts'
import type { BrokerContext } from '#lib/kernel/use-case/context.ts'

/** @returns one of the person's own saved filters; null if it doesn't exist or they may no longer see its list */
export async function findOwnFilter(db: Db | Tx, { actor }: BrokerContext, id: string): Promise<FilterRecord | null> {
  const found = await findSavedFilter(db, actor.userId, id)
  if (!found) return null
  const verdict = decidePermission(filteredLists[found.list], { ...roleStateOf(actor), standing: null })
  return verdict === 'allowed' ? found : null
}
