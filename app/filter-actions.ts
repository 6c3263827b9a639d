'use server'

import { revalidatePath } from 'next/cache'
import { z } from 'zod'
import { readFilter } from '#app/read-filter.ts'
import { filteredListNames } from '#lib/features/filters/model/saved-filter.ts'
import { deleteFilter } from '#lib/features/filters/use-cases/delete-filter.ts'
import { deleteFilterInput, filterName, renameFilterInput } from '#lib/features/filters/use-cases/filter-input.ts'
import { renameFilter } from '#lib/features/filters/use-cases/rename-filter.ts'
import { saveFilter } from '#lib/features/filters/use-cases/save-filter.ts'
import { brokerAction } from '#lib/web/action/broker-action.ts'

function shown(): void {
  for (const path of ['/', '/audit', '/admin/people', '/admin/credentials']) revalidatePath(path)
}

export const saveFilterAction = brokerAction({
  name: 'keep-filters',
  input: z
    .strictObject({ list: z.enum(filteredListNames), name: filterName, query: z.string().max(8_000) })
    .transform(({ list, name, query }, refusal) => {
      const read = readFilter(list, query)
      if (read) return { list, name, query: read }
      const message = 'This filter doesn’t work, so it can’t be saved. Close this and fix it first.'
      refusal.addIssue({ code: 'custom', path: ['name'], message })
      return z.NEVER
    }),
  useCase: saveFilter,
  after: (_, { name }) => {
    shown()
    return { message: `Saved “${name}”.` }
  },
})

export const renameFilterAction = brokerAction({
  name: 'keep-filters',
  input: renameFilterInput,
  useCase: renameFilter,
  after: (_, { name }) => {
    shown()
    return { message: `Renamed to “${name}”.` }
  },
})

/** Deletes a saved filter. The page confirms it by name, and offers an undo. */
export const deleteFilterAction = brokerAction({
  name: 'keep-filters',
  input: deleteFilterInput,
  useCase: deleteFilter,
  after: shown,
})
