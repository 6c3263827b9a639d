import { Badge, type BadgeTone } from '#components/ui/badge.tsx'
import type { IconName } from '#components/ui/icon.tsx'
import { RelativeTime } from '#components/ui/relative-time.tsx'
import type { AuditRow } from '#lib/domain/audit-view.ts'
import { type ErrorCode, errorCodes, sentenceOf } from '#lib/domain/errors.ts'

type Props = {
  rows: readonly AuditRow[]
  /** What was done, in words. */
  label: (action: string) => string
  actor: (actor: AuditRow['actor']) => string
}

const outcomes: Readonly<
  Record<Exclude<AuditRow['outcome'], 'ok'>, { tone: BadgeTone; icon: IconName; word: string }>
> = {
  refused: { tone: 'warn', icon: 'lock', word: 'Refused' },
  failed: { tone: 'bad', icon: 'alert-circle', word: 'Failed' },
  unknown: { tone: 'neutral', icon: 'info', word: 'Not known how it ended' },
}

const isErrorCode = (text: string): text is ErrorCode => errorCodes.some((code) => code === text)

/** What happened in a space, newest first. */
export function ActivityList({ rows, label, actor }: Props) {
  return (
    <ol className="divide-y rounded-lg border bg-surface text-sm">
      {rows.map((row) => (
        <li key={row.seq} className="flex flex-wrap items-baseline gap-x-3 gap-y-1 px-4 py-3">
          <span className="font-medium">{actor(row.actor)}</span>
          <span className="min-w-0 flex-1">
            {lowerFirst(label(row.action))}
            {row.reason && row.outcome !== 'ok' && (
              <span className="block text-muted">{isErrorCode(row.reason) ? sentenceOf(row.reason) : row.reason}</span>
            )}
          </span>
          {row.outcome !== 'ok' && (
            <Badge tone={outcomes[row.outcome].tone} icon={outcomes[row.outcome].icon}>
              {outcomes[row.outcome].word}
            </Badge>
          )}
          <span className="text-muted">
            <RelativeTime at={row.at} />
          </span>
        </li>
      ))}
    </ol>
  )
}

const lowerFirst = (text: string) => text.charAt(0).toLowerCase() + text.slice(1)
