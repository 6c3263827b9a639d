import type { Metadata } from 'next'
import { pageParam, type SearchParams, validParam } from '#app/search-params.ts'
import { RequestTable } from '#components/requests/request-table.tsx'
import { NotForYou } from '#components/shell/not-for-you.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { LinkButton } from '#components/ui/link-button.tsx'
import { Pagination } from '#components/ui/list/pagination.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { listOpenRequests, openRequestsInput } from '#lib/features/requests/use-cases/list-open-requests.ts'
import { decidePermission } from '#lib/kernel/model/people/permission.ts'
import { pageContext } from '#lib/web/page/page-context.ts'

export const metadata: Metadata = { title: 'Requests' }

type Props = { searchParams: Promise<SearchParams> }

/** All open requests, or those open for more than a day, for platform admins. */
export default async function OpenRequestsPage({ searchParams }: Props) {
  const [ctx, params] = await Promise.all([pageContext(), searchParams])
  const { platformRole, isEligible } = ctx.actor
  if (decidePermission('list-open-requests', { platformRole, standing: null }) !== 'allowed')
    return (
      <NotForYou page="Requests" isEligible={isEligible} title="Only platform admins can see this page">
        The requests that you can decide are in your inbox.
      </NotForYou>
    )
  const [page, age] = [pageParam(params), validParam(params, 'age', openRequestsInput.shape.age)]
  const { rows, more } = await listOpenRequests(ctx, { age, page })
  const href = (to: number) => `/requests/open?${new URLSearchParams({ ...(age && { age }), page: String(to) })}`
  return (
    <>
      <PageHeader
        title="Requests"
        description={
          age === 'day'
            ? 'Requests that have waited for a decision for more than a day, oldest first.'
            : 'All requests waiting for a decision, oldest first.'
        }
        actions={age === 'day' && <LinkButton href="/requests/open">Show all requests</LinkButton>}
      />
      {rows.length > 0 ? (
        <RequestTable caption="Open requests" box="waiting" rows={rows} />
      ) : (
        <EmptyState icon="check-circle" title="No open requests">
          {age === 'day' ? 'None has been open for more than a day.' : 'Requests without a decision appear here.'}
        </EmptyState>
      )}
      <Pagination previous={page > 1 ? href(page - 1) : null} next={more ? href(page + 1) : null} />
    </>
  )
}
