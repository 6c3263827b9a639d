import type { Metadata } from 'next'
import { acceptOfferAction, declineOfferAction } from '#app/offer-actions.ts'
import { type SearchParams, validParam } from '#app/search-params.ts'
import { EventList } from '#components/inbox/event-list.tsx'
import { MarkRead } from '#components/inbox/mark-read.tsx'
import { WaitingReviews } from '#components/inbox/waiting-reviews.tsx'
import { RequestTable } from '#components/requests/request-table.tsx'
import { OfferList } from '#components/spaces/list/offer-list.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { LinkButton } from '#components/ui/link-button.tsx'
import { Pagination } from '#components/ui/list/pagination.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { Section } from '#components/ui/section.tsx'
import { inboxCursor } from '#lib/features/inbox/model/inbox-view.ts'
import { listInbox } from '#lib/features/inbox/use-cases/list-inbox.ts'
import { listOffers } from '#lib/features/offers/use-cases/list-offers.ts'
import { listRequests } from '#lib/features/requests/use-cases/list-requests.ts'
import { listWaitingReviews } from '#lib/features/reviews/use-cases/list-reviews.ts'
import { pageContext } from '#lib/web/page/page-context.ts'
import { markAllReadAction, markReadAction } from './actions.ts'

export const metadata: Metadata = { title: 'Inbox' }

type Props = { searchParams: Promise<SearchParams> }

/** Open requests, reviews and offers for the person, and their events. */
export default async function InboxPage({ searchParams }: Props) {
  const [ctx, params] = await Promise.all([pageContext(), searchParams])
  const before = validParam(params, 'before', inboxCursor)
  const [offers, reviews, waiting, happened] = await Promise.all([
    listOffers(ctx),
    listWaitingReviews(ctx),
    listRequests(ctx, { box: 'waiting' }),
    listInbox(ctx, { before }),
  ])
  return (
    <>
      <PageHeader
        title="Inbox"
        actions={<LinkButton href="/inbox/settings">Notifications</LinkButton>}
        description="Requests and offers that need your answer, and changes to your access, spaces and requests."
      />
      <div className="space-y-8">
        <Section title="Waiting for you" content="bare">
          <div className="space-y-3">
            <OfferList offers={offers} accept={acceptOfferAction} decline={declineOfferAction} />
            <WaitingReviews reviews={reviews} />
            {waiting.rows.length > 0 && (
              <RequestTable caption="Requests waiting for your decision" box="waiting" rows={waiting.rows} />
            )}
            {waiting.more && <LinkButton href="/requests">All requests waiting for you</LinkButton>}
            {offers.length + reviews.length + waiting.rows.length === 0 && (
              <EmptyState icon="check-circle" title="Nothing is waiting for you" heading="h3">
                Requests and access reviews for you to decide, and spaces offered to you, appear here.
              </EmptyState>
            )}
          </div>
        </Section>
        <Section
          title="What happened"
          content="bare"
          actions={
            happened.rows.some(({ unread }) => unread) && (
              <MarkRead what={{ until: ctx.now.toISOString() }} action={markAllReadAction}>
                Mark all as read
              </MarkRead>
            )
          }
        >
          {happened.rows.length > 0 ? (
            <EventList rows={happened.rows} defaultCluster={ctx.clusters.defaultName} markRead={markReadAction} />
          ) : (
            <EmptyState
              icon="inbox"
              heading="h3"
              title={before === undefined ? 'Nothing has happened yet' : 'Nothing older'}
            >
              Decisions on your requests, roles granted to you, upcoming expirations, and answers to your transfer
              offers appear here.
            </EmptyState>
          )}
          <Pagination
            previous={before === undefined ? null : '/inbox'}
            previousLabel="Newest"
            next={happened.next === null ? null : `/inbox?${new URLSearchParams({ before: happened.next })}`}
            nextLabel="Older"
          />
        </Section>
      </div>
    </>
  )
}
