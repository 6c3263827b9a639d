import { randomUUID } from 'node:crypto'
import { insertSavedFilter, selectSavedFilters } from '#lib/features/filters/db/saved-filters.ts'
import { filteredLists, isSameQuery, maxSavedFilters } from '#lib/features/filters/model/saved-filter.ts'
import { changePlatform } from '#lib/kernel/define/change-platform.ts'
import { AppError } from '#lib/kernel/model/errors.ts'
import { authorizePlatform } from '#lib/kernel/use-case/authorize.ts'
import { saveFilterInput } from './filter-input.ts'
import { nameTaken } from './name-taken.ts'

/**
 * Saves a filter for oneself. The trail records only its list: the content is private and may name other people.
 * @throws AppError forbidden if the person may not see the list; bad_input for a name they already use,
 *   too_many_filters
 */
export const saveFilter = changePlatform({
  permission: 'keep-filters',
  action: 'filter.save',
  input: saveFilterInput,
  about: ({ list }) => ({ target: { kind: 'filter' }, detail: { list } }),
  prepare: function prepareSaveFilter({ ctx, input: { list, name, query }, about }) {
    authorizePlatform(ctx, filteredLists[list])
    const id = randomUUID()
    about({ target: { kind: 'filter', id } })
    const personId = ctx.actor.userId
    return {
      write: async function writeSaveFilter({ tx, now, undo }) {
        authorizePlatform(now, filteredLists[list])
        // The lock on the person's row prevents concurrent additions and renames.
        const saved = await selectSavedFilters(tx, personId, list)
        const namesake = saved.find((one) => one.name === name)
        if (namesake && isSameQuery(namesake.query, query)) return undo()
        if (namesake) throw nameTaken()
        if (saved.length >= maxSavedFilters) throw new AppError('too_many_filters')
        await insertSavedFilter(tx, { id, personId, list, name, query, createdAt: ctx.clock() })
      },
      already: undefined,
    }
  },
})
