import { deleteSavedFilter } from '#lib/features/filters/db/saved-filters.ts'
import { changeFound } from '#lib/kernel/define/change-found.ts'
import { deleteFilterInput } from './filter-input.ts'
import { findOwnFilter } from './find-own-filter.ts'

/**
 * Deletes one of one's own saved filters.
 * @throws AppError not_found
 */
export const deleteFilter = changeFound({
  by: { permission: 'keep-filters' },
  action: 'filter.delete',
  kind: 'filter',
  input: deleteFilterInput,
  find: findOwnFilter,
  prepare: function prepareDeleteFilter({ ctx, found, input: { id }, about }) {
    about({ detail: { list: found.list } })
    return {
      write: async function writeDeleteFilter({ tx, undo }) {
        if (!(await deleteSavedFilter(tx, ctx.actor.userId, id))) undo()
      },
      already: undefined,
    }
  },
})
