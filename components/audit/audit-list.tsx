import type { AuditNames } from '#lib/domain/audit-view.ts'
import { AuditEntry } from './audit-entry.tsx'
import type { AuditListRow } from './audit-list-data.ts'

/** Actions of the trail, in the order that is given. */
export function AuditList({ rows, names }: { rows: readonly AuditListRow[]; names: AuditNames }) {
  return (
    <ul aria-label="Actions, newest first" className="overflow-hidden rounded-lg border bg-surface">
      {rows.map((row) => (
        <AuditEntry key={row.seq} row={row} names={names} />
      ))}
    </ul>
  )
}
