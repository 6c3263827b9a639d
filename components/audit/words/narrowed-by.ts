import type { AuditFilterText } from '#lib/features/audit/model/audit-filter.ts'
import { maxSearchText, maxTerms, searchTerms } from '#lib/features/audit/model/search-terms.ts'

/** The filter for a value of an entry. */
export type Narrowing = Pick<AuditFilterText, 'action' | 'outcome' | 'text'>

/** @returns the current filters plus one; null if that changes nothing or is too long to search for */
export function narrowedBy(filters: AuditFilterText, by: Narrowing): AuditFilterText | null {
  const terms = by.text === undefined ? [] : searchTerms(`${filters.text ?? ''} ${by.text}`)
  const text = terms.join(' ')
  if (terms.length > maxTerms || text.length > maxSearchText) return null
  const { text: _, ...others } = { ...filters, ...by }
  const next: AuditFilterText = {
    ...others,
    ...(by.text === undefined ? filters.text && { text: filters.text } : { text }),
  }
  const isNew = (['action', 'outcome', 'text'] as const).some((name) => (next[name] ?? '') !== (filters[name] ?? ''))
  return isNew ? next : null
}
