import type { Metadata } from 'next'
import { acceptOfferAction, declineOfferAction } from '#app/offer-actions.ts'
import { pageParam, type SearchParams, validParam } from '#app/search-params.ts'
import { inFew } from '#components/inbox/count-in-title.ts'
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
import { countWaitingRequests, listRequests } from '#lib/features/requests/use-cases/list-requests.ts'
import { listWaitingReviews } from '#lib/features/reviews/use-cases/list-reviews.ts'
import { pageContext } from '#lib/web/page/page-context.ts'
import { markAllReadAction, markReadAction } from './actions.ts'

export const metadata: Metadata = { title: 'Inbox' }

type Props = { searchParams: Promise<SearchParams> }

/** All offers, reviews and requests that wait for the person, and their events about anything else. */
export default async function InboxPage({ searchParams }: Props) {
  const [ctx, params] = await Promise.all([pageContext(), searchParams])
  const [page, before] = [pageParam(params, 'waiting'), validParam(params, 'before', inboxCursor)]
  const [offers, reviews, waiting, happened] = await Promise.all([
    listOffers(ctx),
    listWaitingReviews(ctx),
    listRequests(ctx, { box: 'waiting', page }),
    listInbox(ctx, { before }),
  ])
  // The count takes a query of its own only if there is more than one page.
  const requests = page > 1 || waiting.more ? await countWaitingRequests(ctx) : waiting.rows.length
  const count = offers.length + reviews.length + requests
  return (
    <>
      <PageHeader
        title="Inbox"
        actions={<LinkButton href="/inbox/settings">Notification settings</LinkButton>}
        description="Requests and offers that need your answer, and changes to your access, spaces and requests."
      />
      <div className="space-y-8">
        <Section title={count > 0 ? `Waiting for you (${inFew(count)})` : 'Waiting for you'} content="bare">
          <div className="space-y-3">
            <OfferList offers={offers} accept={acceptOfferAction} decline={declineOfferAction} />
            <WaitingReviews reviews={reviews} />
            {waiting.rows.length > 0 && (
              <RequestTable caption="Requests waiting for your decision" box="waiting" rows={waiting.rows} />
            )}
            {count === 0 && (
              <EmptyState icon="check-circle" title="Nothing is waiting for you" heading="h3">
                Requests and access reviews for you to decide, and spaces offered to you, appear here.
              </EmptyState>
            )}
          </div>
          <Pagination
            label="Pages of requests waiting for you"
            previous={page > 1 ? inboxPath({ waiting: page - 1, before }) : null}
            next={waiting.more ? inboxPath({ waiting: page + 1, before }) : null}
          />
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
            label="Pages of what happened"
            previous={before === undefined ? null : inboxPath({ waiting: page })}
            previousLabel="Newest"
            next={happened.next === null ? null : inboxPath({ waiting: page, before: happened.next })}
            nextLabel="Older"
          />
        </Section>
      </div>
    </>
  )
}

/** @returns the address of a page of waiting requests, with the events after a cursor */
function inboxPath({ waiting, before }: { waiting: number; before?: string | undefined }): string {
  const query = new URLSearchParams({
    ...(waiting > 1 && { waiting: String(waiting) }),
    ...(before !== undefined && { before }),
  })
  return query.size > 0 ? `/inbox?${query}` : '/inbox'
}
