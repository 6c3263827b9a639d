import { Badge } from '#components/ui/badge.tsx'
import { CopyButton } from '#components/ui/copy-button.tsx'
import { RelativeTime } from '#components/ui/time/relative-time.tsx'
import type { ReviewLine } from '#lib/features/reviews/model/review-view.ts'
import { bindingRemoval } from '#lib/kernel/model/requests/review.ts'
import { lineLooks } from './review-words.ts'

/** The decision on a line, by whom and why, or why the viewer can't decide. */
export function LineDecision({ line }: { line: ReviewLine }) {
  const { state, decidedAt, decidedBy, toRole, reason, isOwn, binding, kind } = line
  const { label, tone, icon } = lineLooks[state]
  return (
    <div className="space-y-1 whitespace-normal">
      <Badge tone={tone} icon={icon}>
        {label}
        {toRole !== null && ` to ${toRole}`}
      </Badge>
      {decidedAt && state !== 'ended' && (
        <p className="text-muted text-xs">
          {decidedBy ? `by ${decidedBy.name}` : 'Not decided in time'} · <RelativeTime at={decidedAt} />
        </p>
      )}
      {reason !== null && <p className="wrap-anywhere max-w-64 text-xs">{reason}</p>}
      {state === 'open' && isOwn && kind === 'grant' && (
        <p className="max-w-64 text-muted text-xs">Your own access: someone else decides.</p>
      )}
      {binding && (state === 'flagged' || state === 'undecided') && <Removal command={bindingRemoval(binding)} />}
    </div>
  )
}

/** Wrapped, so that the other columns keep their width. */
const Removal = ({ command }: { command: string }) => (
  <p className="flex max-w-64 items-start gap-1">
    <code className="wrap-anywhere text-xs">{command}</code>
    <CopyButton text={command} label="Copy command" />
  </p>
)
