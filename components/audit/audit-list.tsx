import type { AuditFilterText } from '#lib/domain/audit-filter.ts'
import { AuditEntry } from './audit-entry.tsx'
import { groupRepeats } from './group-repeats.ts'
import { sayingOf } from './saying-of.ts'
import type { ToldRow } from './told-row.ts'

type Props = {
  rows: readonly ToldRow[]
  /** What the list is narrowed by. */
  filters: AuditFilterText
}

/** Actions of the trail, in the order that is given; neighbours that say the same are one entry. */
export const AuditList = ({ rows, filters }: Props) => (
  <ul aria-label="Actions, newest first" className="overflow-hidden rounded-lg border bg-surface">
    {groupRepeats(rows, sayingOf).map(([row, ...repeats]) => (
      // The oldest stays the same when others are added.
      <AuditEntry key={(repeats.at(-1) ?? row).seq} row={row} repeats={repeats} filters={filters} />
    ))}
  </ul>
)
