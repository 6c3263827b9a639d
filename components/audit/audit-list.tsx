import type { EventRow } from '#components/audit/words/event-row.ts'
import { groupRepeats } from '#components/audit/words/group-repeats.ts'
import { repeatKey } from '#components/audit/words/repeat-key.ts'
import type { AuditFilterText } from '#lib/features/audit/model/audit-filter.ts'
import { AuditEntry } from './audit-entry.tsx'
import { DayGroups } from './day-groups.tsx'

type Props = {
  rows: readonly EventRow[]
  heading: 'h2' | 'h3'
  filters: AuditFilterText
}

/** Actions of the trail by day, in the given order. Adjacent rows with the same sentence form one entry. */
export const AuditList = ({ rows, heading, filters }: Props) => (
  <section aria-label="Actions, newest first">
    <DayGroups
      rows={rows}
      heading={heading}
      list={(ofDay, titleId) => (
        <ul aria-labelledby={titleId} className="overflow-hidden rounded-lg border bg-surface">
          {groupRepeats(ofDay, repeatKey).map(([row, ...repeats]) => (
            // The oldest row stays the same when newer ones are added.
            <AuditEntry key={(repeats.at(-1) ?? row).seq} row={row} repeats={repeats} filters={filters} />
          ))}
        </ul>
      )}
    />
  </section>
)
