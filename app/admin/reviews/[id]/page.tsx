import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { z } from 'zod'
import { decideReviewAction, endReviewAction, extendReviewAction } from '#app/admin/reviews/actions.ts'
import { nullIfNotFound } from '#app/null-if-not-found.ts'
import { type SearchParams, validParam } from '#app/search-params.ts'
import { LineFilters } from '#components/reviews/line-filters.tsx'
import { ReviewActs } from '#components/reviews/review-acts.tsx'
import { ReviewLines } from '#components/reviews/review-lines.tsx'
import { reviewExportPath, reviewPath } from '#components/reviews/review-path.ts'
import { ReviewStateBadge } from '#components/reviews/review-state-badge.tsx'
import { ReviewSummary } from '#components/reviews/review-summary.tsx'
import { ReviewerTable } from '#components/reviews/reviewer-table.tsx'
import { NotForYou } from '#components/shell/not-for-you.tsx'
import { dayAfter, dayOf } from '#components/spaces/last-day.ts'
import { Alert } from '#components/ui/alert.tsx'
import { BackLink } from '#components/ui/back-link.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { LinkButton } from '#components/ui/link-button.tsx'
import { Pagination } from '#components/ui/list/pagination.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { Section } from '#components/ui/section.tsx'
import { RefreshWhile } from '#components/ui/time/refresh-while.tsx'
import { type LineFilter, lineCursor, lineFilter } from '#lib/features/reviews/model/review-view.ts'
import { readReview } from '#lib/features/reviews/use-cases/read-review.ts'
import { dayMs } from '#lib/kernel/model/duration.ts'
import { decidePermission } from '#lib/kernel/model/people/permission.ts'
import { maxReviewDays, type ReviewState } from '#lib/kernel/model/requests/review.ts'
import { pageContext } from '#lib/web/page/page-context.ts'

export const metadata: Metadata = { title: 'Access review' }

type Props = { params: Promise<{ id: string }>; searchParams: Promise<SearchParams> }

/** One access review: all lines for auditors and platform admins, otherwise the viewer's own lines. */
export default async function ReviewPage({ params, searchParams }: Props) {
  const [ctx, given, search] = await Promise.all([pageContext(), params, searchParams])
  const id = z.uuid().safeParse(given.id).data
  const filter = filterOf(search)
  const after = validParam(search, 'after', lineCursor)
  const found = id === undefined ? null : await nullIfNotFound(readReview(ctx, { id, filter, after }))
  const { platformRole, isEligible } = ctx.actor
  if (!found && isEligible && platformRole !== 'admin') return <NotForYou page="Access review" isEligible />
  if (!found) notFound()
  const { review, decides, lines, total, next, reviewers } = found
  const isAdmin = decidePermission('extend-review', { platformRole, standing: null }) === 'allowed'
  const seesAll = reviewers !== null
  const isOpen = review.state === 'open' && review.dueAt > ctx.now
  return (
    <div className="space-y-8">
      <PageHeader
        title={review.name}
        badge={<ReviewStateBadge state={review.state} role="status" />}
        description={
          seesAll ? 'Who should keep their access?' : 'Who should keep their access to your spaces? You decide.'
        }
        actions={
          <>
            {seesAll && (
              <LinkButton href={reviewExportPath(review.id, 'csv')} icon="download" download>
                Download CSV
              </LinkButton>
            )}
            {seesAll && review.state === 'closed' && (
              <LinkButton href={reviewExportPath(review.id, 'json')} icon="download" download>
                Download report
              </LinkButton>
            )}
            {isAdmin && isOpen && (
              <ReviewActs
                review={review}
                actions={{ extend: extendReviewAction, end: endReviewAction }}
                days={{ min: dayAfter(review.dueAt), max: dayOf(new Date(ctx.now.getTime() + maxReviewDays * dayMs)) }}
              />
            )}
          </>
        }
        back={seesAll ? <BackLink href="/admin/reviews" label="Reviews" /> : <BackLink href="/inbox" label="Inbox" />}
      />
      <Busy state={review.state} />
      <ReviewSummary review={review} seesAll={seesAll} />
      <Section title="Who has access" content="bare">
        <LineFilters id={review.id} filter={filter} seesAll={seesAll} />
        {lines.length === 0 ? (
          <EmptyState icon="check-circle" title="Nothing here">
            {emptyText(filter, review.counts.open)}
          </EmptyState>
        ) : (
          <ReviewLines
            review={review.id}
            lines={lines}
            total={total}
            filter={filter}
            defaultCluster={ctx.clusters.defaultName}
            decide={decides && decideReviewAction}
            decidesAll={decides === 'all'}
          />
        )}
        <Pagination
          previous={after === undefined ? null : reviewPath(review.id, filter)}
          previousLabel="First page"
          next={next === null ? null : reviewPath(review.id, filter, next)}
        />
      </Section>
      {reviewers && <ReviewerTable reviewers={reviewers} />}
    </div>
  )
}

function filterOf(search: SearchParams): LineFilter {
  const { shape } = lineFilter
  return {
    show: validParam(search, 'show', shape.show),
    unused: validParam(search, 'unused', shape.unused),
    kind: validParam(search, 'kind', shape.kind),
    role: validParam(search, 'role', shape.role),
    search: validParam(search, 'search', shape.search),
  }
}

const emptyText = ({ show = 'open', ...filters }: LineFilter, open: number): string => {
  if (Object.values(filters).some((value) => value !== undefined)) return 'No lines match this filter.'
  if (show === 'open' && open === 0) return 'Everything is decided. Choose “Decided” to see the decisions.'
  return 'No lines.'
}

function Busy({ state }: { state: ReviewState }) {
  if (state !== 'starting' && state !== 'closing') return null
  return (
    <Alert kind="info" title={state === 'starting' ? 'The review is starting' : 'The review is being closed'}>
      <RefreshWhile active />
      <p>
        {state === 'starting'
          ? 'Spaceport is collecting everyone’s access. Reviewers are notified when it is done.'
          : 'Spaceport is settling the undecided lines, then writes the report.'}
      </p>
    </Alert>
  )
}
