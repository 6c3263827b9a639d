import { Badge } from '#components/ui/badge.tsx'
import { AbsoluteTime } from '#components/ui/time/absolute-time.tsx'
import type { ReviewLine } from '#lib/features/reviews/model/review-view.ts'

/** What a line gives, until when, and what it was at the start. */
export const LineRole = ({ line: { role, wasRole, until, binding } }: { line: ReviewLine }) => (
  <>
    {binding ? (
      <>
        <span className="wrap-anywhere font-mono">{role}</span>
        <span className="mt-1 block">
          <Badge tone="warn" icon="alert-triangle">
            Not made by Spaceport
          </Badge>
        </span>
      </>
    ) : (
      <span className="inline-block first-letter:uppercase">{role}</span>
    )}
    {until && (
      <span className="block text-muted text-xs">
        ends <AbsoluteTime at={until} />
      </span>
    )}
    {wasRole !== null && (
      <span className="block text-warn text-xs">
        {wasRole === role ? 'Its end changed since the start' : `Was ${wasRole} at the start`}
      </span>
    )}
  </>
)
