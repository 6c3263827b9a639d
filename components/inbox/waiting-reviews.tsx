import { Alert } from '#components/ui/alert.tsx'
import { LinkButton } from '#components/ui/link-button.tsx'
import { RelativeTime } from '#components/ui/time/relative-time.tsx'
import type { WaitingReview } from '#lib/features/reviews/model/review-view.ts'

/** Access reviews with lines for the person to decide. */
export const WaitingReviews = ({ reviews }: { reviews: readonly WaitingReview[] }) =>
  reviews.map(({ id, name, dueAt, undecided }) => (
    <Alert
      key={id}
      kind={undecided === 'revoke' ? 'warn' : 'info'}
      title={`Access review “${name}”`}
      action={
        <LinkButton href={`/admin/reviews/${id}`} size="sm">
          Review access
        </LinkButton>
      }
    >
      <p>
        Who should keep their access? The review ends <RelativeTime at={dueAt} />. Without a decision, access{' '}
        {undecided === 'keep' ? 'stays' : 'is revoked'}.
      </p>
    </Alert>
  ))
