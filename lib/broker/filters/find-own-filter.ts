import type { BrokerContext } from '#lib/broker/use-case/context.ts'
import type { Db, Tx } from '#lib/db/client.ts'
import { type FoundFilter, findSavedFilter } from '#lib/db/saved-filters.ts'
import { decidePermission, officeOf } from '#lib/domain/permission.ts'
import { filteredLists } from '#lib/domain/saved-filter.ts'

/** @returns one of the person’s own saved filters; null: there is none, or they may not see its list any more */
export async function findOwnFilter(db: Db | Tx, { actor }: BrokerContext, id: string): Promise<FoundFilter | null> {
  const found = await findSavedFilter(db, actor.userId, id)
  if (!found) return null
  const verdict = decidePermission(filteredLists[found.list], { ...officeOf(actor), standing: null })
  return verdict === 'allowed' ? found : null
}
