import type { AuditRow } from '#lib/domain/audit-view.ts'
import { AuditEntry } from './audit-entry.tsx'

/** Actions of the trail, in the order that is given. */
export function AuditList({ rows }: { rows: readonly AuditRow[] }) {
  return (
    <ul aria-label="Actions, newest first" className="overflow-hidden rounded-lg border bg-surface">
      {rows.map((row) => (
        <AuditEntry key={row.seq} row={row} />
      ))}
    </ul>
  )
}
