import { Badge, type BadgeTone } from '#components/ui/badge.tsx'
import type { IconName } from '#components/ui/icon.tsx'
import { RelativeTime } from '#components/ui/relative-time.tsx'
import type { AuditRow } from '#lib/domain/audit-view.ts'

type Props = {
  rows: readonly AuditRow[]
  /** What was done, in words. */
  label: (row: AuditRow) => string
  actor: (actor: AuditRow['actor']) => string
  /** What of the space, or whom, it was about. */
  target: (row: AuditRow) => string | null
  /** Why it came to nothing. */
  failure: (row: AuditRow) => string | null
}

const outcomes: Readonly<
  Record<Exclude<AuditRow['outcome'], 'ok'>, { tone: BadgeTone; icon: IconName; word: string }>
> = {
  refused: { tone: 'warn', icon: 'lock', word: 'Refused' },
  failed: { tone: 'bad', icon: 'alert-circle', word: 'Failed' },
  unknown: { tone: 'neutral', icon: 'info', word: 'Outcome unknown' },
}

/** What happened in a space, newest first. */
export function ActivityList({ rows, label, actor, target, failure }: Props) {
  return (
    <ol className="divide-y rounded-lg border bg-surface text-sm">
      {rows.map((row) => (
        <li key={row.seq} className="flex flex-col gap-x-4 gap-y-1 px-4 py-3 sm:flex-row sm:items-baseline">
          <div className="min-w-0 flex-1">
            <span className="font-medium">{actor(row.actor)}</span> {lowerFirst(label(row))}{' '}
            <span className="wrap-anywhere font-mono text-[0.8125rem]">{target(row)}</span>
            <span className="block text-muted">{failure(row)}</span>
          </div>
          <div className="flex shrink-0 items-center gap-3">
            {row.outcome !== 'ok' && (
              <Badge tone={outcomes[row.outcome].tone} icon={outcomes[row.outcome].icon}>
                {outcomes[row.outcome].word}
              </Badge>
            )}
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
