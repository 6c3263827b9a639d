import type { Metadata } from 'next'
import { pageParam, type SearchParams } from '#app/search-params.ts'
import { RequestAccessButton } from '#components/requests/request-access-button.tsx'
import { RequestTable } from '#components/requests/request-table.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { Pagination } from '#components/ui/list/pagination.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { Section } from '#components/ui/section.tsx'
import { TabLinks } from '#components/ui/tab-links.tsx'
import { countWaitingRequests, listRequests } from '#lib/features/requests/use-cases/list-requests.ts'
import { decidersInWords } from '#lib/kernel/model/policy/approval-rules.ts'
import { pageContext } from '#lib/web/page/page-context.ts'
import { requestTabs } from './request-tabs.ts'

export const metadata: Metadata = { title: 'Requests' }

type Props = { searchParams: Promise<SearchParams> }

/** Requests waiting for the person's decision, and their own. */
export default async function RequestsPage({ searchParams }: Props) {
  const [ctx, params] = await Promise.all([pageContext(), searchParams])
  const { roleRequests, spaceRequests } = ctx.policy
  const pages = { waiting: pageParam(params, 'waiting'), mine: pageParam(params, 'mine') }
  const [count, waiting, mine] = await Promise.all([
    countWaitingRequests(ctx),
    listRequests(ctx, { box: 'waiting', page: pages.waiting }),
    listRequests(ctx, { box: 'mine', page: pages.mine }),
  ])
  const href = (change: Partial<typeof pages>) => `/requests?${new URLSearchParams(asText({ ...pages, ...change }))}`
  const own = (
    <Section title="Your requests" content="bare">
      {mine.rows.length > 0 ? <RequestTable caption="Your requests" box="mine" rows={mine.rows} /> : <EmptyRequests />}
      <Pagination
        previous={pages.mine > 1 ? href({ mine: pages.mine - 1 }) : null}
        next={mine.more ? href({ mine: pages.mine + 1 }) : null}
      />
    </Section>
  )
  return (
    <>
      <PageHeader
        title="Requests"
        description={`Ask for access to a space, or for more than your limits allow. Requests for roles go to ${decidersInWords(roleRequests.deciders)}, those for spaces, sizes and a longer life to ${decidersInWords(spaceRequests.deciders)}.`}
        actions={<RequestAccessButton />}
      />
      <TabLinks label="Requests" items={requestTabs(ctx.actor.platformRole)} />
      <div className="mt-6 space-y-8">
        {count === 0 && mine.rows.length > 0 && own}
        <Section
          title={count === 0 ? 'Waiting for your decision' : `Waiting for your decision (${count})`}
          content="bare"
        >
          {waiting.rows.length > 0 ? (
            <RequestTable caption="Requests waiting for your decision" box="waiting" rows={waiting.rows} />
          ) : (
            <EmptyState icon="check-circle" title="Nothing is waiting for you" heading="h3">
              Requests that you can decide on appear here.
            </EmptyState>
          )}
          <Pagination
            previous={pages.waiting > 1 ? href({ waiting: pages.waiting - 1 }) : null}
            next={waiting.more ? href({ waiting: pages.waiting + 1 }) : null}
          />
        </Section>
        {(count > 0 || mine.rows.length === 0) && own}
      </div>
    </>
  )
}

const asText = (pages: Readonly<Record<string, number>>): [string, string][] =>
  Object.entries(pages).map(([name, page]) => [name, String(page)])

const EmptyRequests = () => (
  <EmptyState icon="inbox" title="You haven’t requested anything yet" heading="h3">
    To request a role, you need the space’s exact name. To exceed your space limit or get a larger size, create or
    change the space as usual; it becomes a request.
  </EmptyState>
)
