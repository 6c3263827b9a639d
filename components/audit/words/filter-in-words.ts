import type { AuditFilterText } from '#lib/features/audit/model/audit-filter.ts'
import { capitalised, oneFilterInWords } from './one-filter-in-words.ts'
import { actionLabel } from './sentence.ts'

/** @returns the filters in words: "Person alice, from 2026-11-01 00:00" */
export function filterInWords(filters: AuditFilterText | Readonly<Record<string, unknown>>): string {
  const parts = Object.entries(filters).flatMap(([name, value]) =>
    value === undefined || value === '' ? [] : [oneFilterInWords(name, value, actionLabel)],
  )
  return parts.length === 0 ? 'The whole trail' : capitalised(parts.join(', '))
}
