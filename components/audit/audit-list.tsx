import type { AuditNames } from '#lib/domain/audit-view.ts'
import { AuditEntry } from './audit-entry.tsx'
import type { AuditListRow } from './audit-list-data.ts'
import { groupRepeats } from './group-repeats.ts'
import { sentenceOf } from './sentence.ts'
import { sayingOf } from './sentence-part.ts'

/** Actions of the trail, in the order that is given; neighbours that say the same are one entry. */
export function AuditList({ rows, names }: { rows: readonly AuditListRow[]; names: AuditNames }) {
  const says = (row: AuditListRow) =>
    JSON.stringify([sayingOf(sentenceOf(row, { names, full: true })), row.outcome, row.reason, row.route])
  return (
    <ul aria-label="Actions, newest first" className="overflow-hidden rounded-lg border bg-surface">
      {groupRepeats(rows, says).map(([row, ...repeats]) => (
        // The oldest stays the same when others are added.
        <AuditEntry key={(repeats.at(-1) ?? row).seq} row={row} repeats={repeats} names={names} />
      ))}
    </ul>
  )
}
