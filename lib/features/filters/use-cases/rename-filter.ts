import { renameSavedFilter, selectSavedFilters } from '#lib/features/filters/db/saved-filters.ts'
import { changeFound } from '#lib/kernel/define/change-found.ts'
import { renameFilterInput } from './filter-input.ts'
import { findOwnFilter } from './find-own-filter.ts'
import { nameTaken } from './name-taken.ts'

/**
 * Renames one of one's own saved filters.
 * @throws AppError not_found, name_taken
 */
export const renameFilter = changeFound({
  by: { permission: 'keep-filters' },
  action: 'filter.rename',
  kind: 'filter',
  input: renameFilterInput,
  find: findOwnFilter,
  prepare: function prepareRenameFilter({ ctx, found, input: { id, name }, about }) {
    about({ detail: { list: found.list } })
    if (found.name === name) return { result: undefined }
    const personId = ctx.actor.userId
    return {
      write: async function writeRenameFilter({ tx, undo }) {
        const saved = await selectSavedFilters(tx, personId, found.list)
        if (saved.some((one) => one.name === name && one.id !== id)) throw nameTaken()
        if (!(await renameSavedFilter(tx, personId, id, name))) undo()
      },
      already: undefined,
    }
  },
})
