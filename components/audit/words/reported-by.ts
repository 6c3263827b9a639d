import type { AuditRow } from '#lib/features/audit/model/audit-view.ts'

/**
 * @returns who reported an event that Spaceport didn't observe; null: one of Spaceport’s processes observed it. Anyone
 * with a cluster’s token can report any event in any name.
 */
export function reportedBy({ route, observer }: Pick<AuditRow, 'route' | 'observer'>): string | null {
  if (route === null) return null
  return `Reported by the cluster ${observer.replace(/^cluster\//, '')}, not seen by Spaceport`
}
