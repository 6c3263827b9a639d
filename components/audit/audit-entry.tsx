import { Icon } from '#components/ui/icon.tsx'
import { RelativeTime } from '#components/ui/relative-time.tsx'
import { rowLabel } from './action-label.ts'
import { actorName, targetName } from './audit-answers.ts'
import { AuditDetails } from './audit-details.tsx'
import type { AuditListRow } from './audit-list-data.ts'
import { OutcomeBadge } from './outcome-badge.tsx'

const columns =
  'grid grid-cols-[1fr_auto] items-center gap-x-4 gap-y-0.5 sm:grid-cols-[minmax(0,11rem)_minmax(0,1fr)_8.5rem_6.5rem]'

/** One action of the trail: a line, and its details on demand. */
export function AuditEntry({ row }: { row: AuditListRow }) {
  const target = targetName(row)
  return (
    <li className="border-b last:border-b-0">
      <details className="group">
        <summary className="flex min-h-11 list-none items-center gap-2.5 max-sm:items-start px-3 py-2 text-sm hover:bg-sunken/60 focus-visible:-outline-offset-2 sm:px-4 [&::-webkit-details-marker]:hidden">
          <Icon
            name="chevron-right"
            className="size-3.5 text-muted transition-transform group-open:rotate-90 max-sm:mt-1"
          />
          <span className={`${columns} min-w-0 flex-1`}>
            <span className="truncate font-medium max-sm:row-start-1">{actorName(row.actor)}</span>
            <span className="min-w-0 break-words max-sm:col-span-2 max-sm:row-start-2">
              {rowLabel(row)} {target && <span className="wrap-anywhere font-mono text-[0.8125rem]">{target}</span>}
            </span>
            <span className="text-muted max-sm:row-start-3">
              <RelativeTime at={row.at} />
            </span>
            <span className="justify-self-end max-sm:row-start-1 sm:justify-self-start">
              <OutcomeBadge outcome={row.outcome} />
            </span>
          </span>
        </summary>
        <AuditDetails row={row} />
      </details>
    </li>
  )
}
