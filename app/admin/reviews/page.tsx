import type { Metadata } from 'next'
import { type SearchParams, validParam } from '#app/search-params.ts'
import { ReviewTable } from '#components/reviews/review-table.tsx'
import { ScheduleForm } from '#components/reviews/schedule-form.tsx'
import { scheduleInWords } from '#components/reviews/schedule-in-words.ts'
import { StartForm } from '#components/reviews/start-form.tsx'
import { NotForYou } from '#components/shell/not-for-you.tsx'
import { dayAfter, dayOf } from '#components/spaces/last-day.ts'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { Pagination } from '#components/ui/list/pagination.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { Section } from '#components/ui/section.tsx'
import { listReviews, listReviewsInput } from '#lib/features/reviews/use-cases/list-reviews.ts'
import { dayMs } from '#lib/kernel/model/duration.ts'
import { decidePermission } from '#lib/kernel/model/people/permission.ts'
import { maxReviewDays } from '#lib/kernel/model/requests/review.ts'
import { pageContext } from '#lib/web/page/page-context.ts'
import { scheduleReviewsAction, startReviewAction } from './actions.ts'

export const metadata: Metadata = { title: 'Reviews' }

type Props = { searchParams: Promise<SearchParams> }

const usualDays = 21

/** All access reviews and their schedule, for auditors and platform admins. */
export default async function ReviewsPage({ searchParams }: Props) {
  const [ctx, params] = await Promise.all([pageContext(), searchParams])
  const { platformRole } = ctx.actor
  if (decidePermission('list-reviews', { platformRole, standing: null }) !== 'allowed')
    return <NotForYou page="Reviews" isEligible={ctx.actor.isEligible} />
  const after = validParam(params, 'after', listReviewsInput.shape.after)
  const { rows, next, schedule } = await listReviews(ctx, { after })
  const isAdmin = decidePermission('start-review', { platformRole, standing: null }) === 'allowed'
  const inDays = (days: number) => dayOf(new Date(ctx.now.getTime() + days * dayMs))
  return (
    <div className="space-y-8">
      <PageHeader
        title="Reviews"
        description="Owners confirm or revoke the access that others have to their spaces."
        actions={
          isAdmin && (
            <StartForm
              action={startReviewAction}
              clusters={ctx.clusters.names}
              days={{ today: inDays(0), tomorrow: inDays(1), usual: inDays(usualDays), latest: inDays(maxReviewDays) }}
            />
          )
        }
      />
      <Section
        title="Schedule"
        content="bare"
        actions={
          isAdmin && (
            <ScheduleForm
              key={JSON.stringify(schedule)}
              action={scheduleReviewsAction}
              schedule={schedule}
              tomorrow={dayAfter(ctx.now)}
            />
          )
        }
      >
        <p className="text-sm">{scheduleInWords(schedule)}</p>
      </Section>
      {rows.length === 0 ? (
        <EmptyState icon="check-circle" title={after === undefined ? 'No reviews yet' : 'Nothing older'}>
          {isAdmin
            ? 'Start one manually, or wait for the schedule. Reviewers are notified in their inbox.'
            : 'Reviews start on schedule, or when a platform admin starts one.'}
        </EmptyState>
      ) : (
        <ReviewTable rows={rows} />
      )}
      <Pagination
        previous={after === undefined ? null : '/admin/reviews'}
        previousLabel="Newest"
        next={next === null ? null : `/admin/reviews?${new URLSearchParams({ after: next })}`}
        nextLabel="Older"
      />
    </div>
  )
}
