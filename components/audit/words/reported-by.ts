import type { AuditRow } from '#lib/features/audit/model/audit-view.ts'

/**
 * @returns who says that something happened, where it isn’t Spaceport itself: whoever has a cluster’s token can report what
 *   they like, in anybody’s name; null: one of Spaceport’s processes observed it
 */
export function reportedBy({ route, observer }: Pick<AuditRow, 'route' | 'observer'>): string | null {
  if (route === null) return null
  return `Reported by the cluster ${observer.replace(/^cluster\//, '')}, not seen by Spaceport`
}
