import type { AuditFilterText } from '#lib/domain/audit-filter.ts'
import { actionLabel } from './sentence.ts'

const names: Readonly<Record<string, string>> = {
  person: 'person',
  space: 'space',
  action: 'action',
  outcome: 'outcome',
  from: 'from',
  until: 'until',
  text: 'containing',
}

/** @returns what a filter finds, in words: "Person alice, from 2026-11-01T00:00" */
export function filterInWords(filters: AuditFilterText | Readonly<Record<string, unknown>>): string {
  const parts = Object.entries(filters).flatMap(([name, value]) => {
    if (value === undefined || value === '') return []
    const text = String(value)
      .replace(/:\d\d\.\d{3}Z$/, ' UTC')
      .replace(/(\d)T(\d)/, '$1 $2')
    return [
      `${names[name] ?? name} ${name === 'action' ? `“${actionLabel(text)}”` : name === 'text' ? `“${text}”` : text}`,
    ]
  })
  const all = parts.join(', ')
  return all === '' ? 'The whole trail' : all.charAt(0).toUpperCase() + all.slice(1)
}
