import { AuditEntry } from './audit-entry.tsx'
import type { AuditListRow } from './audit-list-data.ts'

/** Actions of the trail, in the order that is given. */
export function AuditList({ rows }: { rows: readonly AuditListRow[] }) {
  return (
    <ul aria-label="Actions, newest first" className="overflow-hidden rounded-lg border bg-surface">
      {rows.map((row) => (
        <AuditEntry key={row.seq} row={row} />
      ))}
    </ul>
  )
}
