import { z } from 'zod'
import { filteredListNames } from '#lib/features/filters/model/saved-filter.ts'
import { isPlainText } from '#lib/kernel/model/plain-text.ts'
import { label } from '#lib/kernel/use-case/fields.ts'

/** A filter's name: one line, with visible characters, in Unicode normal form. */
export const filterName = z
  .string()
  .normalize('NFC')
  .pipe(label.min(1).regex(/[\p{L}\p{N}\p{P}\p{S}]/u, 'Use visible characters.'))

const longestValue = 2_000
const mostValues = 12

/** URL parameters by name, as the list's page parses them. They can't point to another page. */
const query = z
  .record(
    z.string().regex(/^[a-zA-Z]{1,20}$/),
    z
      .string()
      .min(1)
      .max(longestValue)
      .refine(isPlainText)
      .refine((text) => text === text.trim()),
  )
  .refine((given) => Object.keys(given).length > 0, 'Filter the list first.')
  .refine((given) => Object.keys(given).length <= mostValues)

export const saveFilterInput = z.strictObject({ list: z.enum(filteredListNames), name: filterName, query })

export const renameFilterInput = z.strictObject({ id: z.uuid(), name: filterName })

export const deleteFilterInput = z.strictObject({ id: z.uuid() })
