import type { RecentSpan } from '#lib/features/audit/model/audit-filter.ts'

/** The choices for how far back to search. */
export const spanLabels: readonly { value: RecentSpan; label: string }[] = [
  { value: '1h', label: 'Last hour' },
  { value: '24h', label: 'Last 24 hours' },
  { value: '7d', label: 'Last 7 days' },
  { value: '30d', label: 'Last 30 days' },
]
