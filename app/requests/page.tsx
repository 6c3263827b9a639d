import type { Metadata } from 'next'
import Link from 'next/link'
import { pageParam, type SearchParams } from '#app/search-params.ts'
import { inFew } from '#components/inbox/count-in-title.ts'
import { RequestAccessButton } from '#components/requests/request-access-button.tsx'
import { RequestTable } from '#components/requests/request-table.tsx'
import { ownTitle } from '#components/shell/own-title.ts'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { Pagination } from '#components/ui/list/pagination.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { TabLinks } from '#components/ui/tab-links.tsx'
import { countWaitingRequests, listRequests } from '#lib/features/requests/use-cases/list-requests.ts'
import { type PageContext, pageContext } from '#lib/web/page/page-context.ts'
import { requestTabs } from './request-tabs.ts'

export const generateMetadata = async (): Promise<Metadata> => ({ title: titleFor(await pageContext()) })

const titleFor = ({ actor }: PageContext) => ownTitle('requests', actor.platformRole !== null)

type Props = { searchParams: Promise<SearchParams> }

/** The person's own requests. Those that wait for their decision are in the inbox. */
export default async function RequestsPage({ searchParams }: Props) {
  const [ctx, params] = await Promise.all([pageContext(), searchParams])
  const page = pageParam(params)
  const [waiting, { rows, more }] = await Promise.all([
    countWaitingRequests(ctx),
    listRequests(ctx, { box: 'mine', page }),
  ])
  const href = (to: number) => `/requests?page=${to}`
  return (
    <>
      <PageHeader
        title={titleFor(ctx)}
        description="Ask for access or higher limits."
        actions={<RequestAccessButton />}
      />
      <TabLinks label="Requests" items={requestTabs} />
      <div className="mt-6 space-y-4">
        {waiting > 0 && (
          <p className="text-sm">
            {inFew(waiting)} {waiting === 1 ? 'request is' : 'requests are'} waiting for you in your{' '}
            <Link href="/inbox" className="text-link">
              inbox
            </Link>
            .
          </p>
        )}
        {rows.length > 0 ? (
          <RequestTable caption="Your requests" box="mine" rows={rows} />
        ) : (
          <EmptyState icon="inbox" title="You haven’t requested anything yet">
            To request a role, you need the space’s exact name. To exceed your space limit or get a larger size, create
            or change the space as usual; it becomes a request.
          </EmptyState>
        )}
        <Pagination previous={page > 1 ? href(page - 1) : null} next={more ? href(page + 1) : null} />
      </div>
    </>
  )
}
