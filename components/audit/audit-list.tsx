import type { ToldRow } from '#components/audit/words/event-row.ts'
import { groupRepeats } from '#components/audit/words/group-repeats.ts'
import { sayingOf } from '#components/audit/words/saying-of.ts'
import type { AuditFilterText } from '#lib/features/audit/model/audit-filter.ts'
import { AuditEntry } from './audit-entry.tsx'
import { DayGroups } from './day-groups.tsx'

type Props = {
  rows: readonly ToldRow[]
  heading: 'h2' | 'h3'
  /** What the list is narrowed by. */
  filters: AuditFilterText
}

/** Actions of the trail by days, in the order that is given; neighbours that say the same are one entry. */
export const AuditList = ({ rows, heading, filters }: Props) => (
  <section aria-label="Actions, newest first">
    <DayGroups
      rows={rows}
      heading={heading}
      list={(ofDay, titleId) => (
        <ul aria-labelledby={titleId} className="overflow-hidden rounded-lg border bg-surface">
          {groupRepeats(ofDay, sayingOf).map(([row, ...repeats]) => (
            // The oldest stays the same when others are added.
            <AuditEntry key={(repeats.at(-1) ?? row).seq} row={row} repeats={repeats} filters={filters} />
          ))}
        </ul>
      )}
    />
  </section>
)
