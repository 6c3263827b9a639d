import { AuditEntry } from './audit-entry.tsx'
import { groupRepeats } from './group-repeats.ts'
import { sayingOf } from './saying-of.ts'
import type { ToldRow } from './told-row.ts'

/** Actions of the trail, in the order that is given; neighbours that say the same are one entry. */
export const AuditList = ({ rows }: { rows: readonly ToldRow[] }) => (
  <ul aria-label="Actions, newest first" className="overflow-hidden rounded-lg border bg-surface">
    {groupRepeats(rows, sayingOf).map(([row, ...repeats]) => (
      // The oldest stays the same when others are added.
      <AuditEntry key={(repeats.at(-1) ?? row).seq} row={row} repeats={repeats} />
    ))}
  </ul>
)
