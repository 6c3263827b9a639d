import type { AuditFilterText } from '#lib/domain/audit-filter.ts'
import { actionLabel } from './sentence.ts'
import { spanLabels } from './span-labels.ts'

const names: Readonly<Record<string, string>> = {
  personId: 'person',
  spaceId: 'space',
  credentialId: 'kubeconfig',
  text: 'containing',
}

/** @returns one filter in words: `person alice`, `action “Created a space”` */
export function oneFilterInWords(name: string, value: unknown): string {
  const text = String(value)
    .replace(/:\d\d\.\d{3}Z$/, ' UTC')
    .replace(/(\d)T(\d)/, '$1 $2')
  if (name === 'within') return spanLabels.find((span) => span.value === text)?.label.toLowerCase() ?? text
  if (name === 'route' && text === 'around') return 'around the gateway'
  const shown = name === 'action' ? `“${actionLabel(text)}”` : name === 'text' ? `“${text}”` : text
  return `${names[name] ?? name} ${shown}`
}

export const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

/** @returns what filters find, in words: "Person alice, from 2026-11-01 00:00" */
export function filterInWords(filters: AuditFilterText | Readonly<Record<string, unknown>>): string {
  const parts = Object.entries(filters).flatMap(([name, value]) =>
    value === undefined || value === '' ? [] : [oneFilterInWords(name, value)],
  )
  return parts.length === 0 ? 'The whole trail' : capitalised(parts.join(', '))
}
