import { RelativeTime } from '#components/ui/relative-time.tsx'
import { rowLabel } from './action-label.ts'
import { activityTarget, failureInWords } from './activity-words.ts'
import { actorName } from './audit-answers.ts'
import type { AuditListRow } from './audit-list-data.ts'
import { OutcomeBadge } from './outcome-badge.tsx'

/** What happened in a space, newest first. */
export function ActivityList({ rows }: { rows: readonly AuditListRow[] }) {
  return (
    <ol className="divide-y rounded-lg border bg-surface text-sm">
      {rows.map((row) => (
        <li key={row.seq} className="flex flex-col gap-x-4 gap-y-1 px-4 py-3 sm:flex-row sm:items-baseline">
          <div className="min-w-0 flex-1">
            <span className="font-medium">{actorName(row.actor)}</span> {lowerFirst(rowLabel(row))}{' '}
            <span className="wrap-anywhere font-mono text-[0.8125rem]">{activityTarget(row)}</span>
            <span className="block text-muted">{failureInWords(row)}</span>
          </div>
          <div className="flex shrink-0 items-center gap-3">
            {row.outcome !== 'ok' && <OutcomeBadge outcome={row.outcome} />}
            <span className="text-muted">
              <RelativeTime at={row.at} />
            </span>
          </div>
        </li>
      ))}
    </ol>
  )
}

const lowerFirst = (text: string) => text.charAt(0).toLowerCase() + text.slice(1)
