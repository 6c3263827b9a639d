import type { Metadata } from 'next'
import { RequestAccessButton } from '#components/requests/request-access-button.tsx'
import { RequestTable } from '#components/requests/request-table.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { Pagination } from '#components/ui/pagination.tsx'
import { TabLinks } from '#components/ui/tab-links.tsx'
import { countWaitingRequests, listRequests } from '#lib/broker/list-requests.ts'
import { pageContext } from '#lib/web/page-context.ts'
import { readPage } from './read-page.ts'
import { requestTabs } from './request-tabs.ts'

export const metadata: Metadata = { title: 'Requests' }

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> }

/** What waits for the person, and what they asked for themselves. */
export default async function RequestsPage({ searchParams }: Props) {
  const [ctx, params] = await Promise.all([pageContext(), searchParams])
  const pages = { waiting: readPage(params.waiting), mine: readPage(params.mine) }
  const [count, waiting, mine] = await Promise.all([
    countWaitingRequests(ctx),
    listRequests(ctx, { box: 'waiting', page: pages.waiting }),
    listRequests(ctx, { box: 'mine', page: pages.mine }),
  ])
  const href = (change: Partial<typeof pages>) => `/requests?${new URLSearchParams(asText({ ...pages, ...change }))}`
  return (
    <>
      <PageHeader
        title="Requests"
        description="What goes beyond policy is asked for. Somebody else decides: a space’s owner on roles in it, platform admins on all."
        actions={<RequestAccessButton />}
      />
      <TabLinks label="Requests" items={requestTabs} />
      <section aria-labelledby="waiting" className="mt-6">
        <h2 id="waiting" className="mb-3 font-semibold text-lg">
          Waiting for me ({count})
        </h2>
        {waiting.rows.length > 0 ? (
          <RequestTable caption="Requests that wait for me" box="waiting" rows={waiting.rows} />
        ) : (
          <p className="rounded-lg border border-dashed px-4 py-3 text-muted text-sm">
            Nothing waits for you. Requests for roles in spaces that you own will stand here.
          </p>
        )}
        <Pagination
          previous={pages.waiting > 1 ? href({ waiting: pages.waiting - 1 }) : null}
          next={waiting.more ? href({ waiting: pages.waiting + 1 }) : null}
        />
      </section>
      <section aria-labelledby="mine" className="mt-8">
        <h2 id="mine" className="mb-3 font-semibold text-lg">
          Mine
        </h2>
        {mine.rows.length > 0 ? (
          <RequestTable caption="What I asked for" box="mine" rows={mine.rows} />
        ) : (
          <EmptyRequests />
        )}
        <Pagination
          previous={pages.mine > 1 ? href({ mine: pages.mine - 1 }) : null}
          next={mine.more ? href({ mine: pages.mine + 1 }) : null}
        />
      </section>
    </>
  )
}

const asText = (pages: Readonly<Record<string, number>>): [string, string][] =>
  Object.entries(pages).map(([name, page]) => [name, String(page)])

const EmptyRequests = () => (
  <EmptyState icon="inbox" title="You have asked for nothing yet">
    Ask for a role in a space whose name you know. One more space than your limit or a greater size is asked for on the
    form that would create or change it.
  </EmptyState>
)
