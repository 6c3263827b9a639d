import type { Metadata } from 'next'
import { requestTabs } from '#app/requests/request-tabs.ts'
import { pageParam, type SearchParams } from '#app/search-params.ts'
import { RequestAccessButton } from '#components/requests/request-access-button.tsx'
import { RequestTable } from '#components/requests/request-table.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { Pagination } from '#components/ui/list/pagination.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { TabLinks } from '#components/ui/tab-links.tsx'
import { listRequests } from '#lib/features/requests/use-cases/list-requests.ts'
import { pageContext } from '#lib/web/page/page-context.ts'

export const metadata: Metadata = { title: 'Decided requests' }

type Props = { searchParams: Promise<SearchParams> }

/** Requests the person decided on. */
export default async function DecidedRequestsPage({ searchParams }: Props) {
  const [ctx, params] = await Promise.all([pageContext(), searchParams])
  const page = pageParam(params)
  const { rows, more } = await listRequests(ctx, { box: 'decided', page })
  const href = (to: number) => `/requests/decided?page=${to}`
  return (
    <>
      <PageHeader
        title="Requests"
        description="Requests that you approved or denied."
        actions={<RequestAccessButton />}
      />
      <TabLinks label="Requests" items={requestTabs} />
      <div className="mt-6">
        {rows.length > 0 ? (
          <RequestTable caption="Requests that you decided" box="decided" rows={rows} />
        ) : (
          <EmptyState icon="check-circle" title="You haven’t decided on any requests yet">
            Requests that you approve or deny appear here.
          </EmptyState>
        )}
        <Pagination previous={page > 1 ? href(page - 1) : null} next={more ? href(page + 1) : null} />
      </div>
    </>
  )
}
