import type { Metadata } from 'next'
import { ClusterNotices } from '#components/spaces/list/cluster-notices.tsx'
import { OfferList } from '#components/spaces/list/offer-list.tsx'
import { OfficeNotices } from '#components/spaces/list/office-notices.tsx'
import { SpaceListFilters } from '#components/spaces/list/space-list-filters.tsx'
import { toListRow } from '#components/spaces/list/space-list-row.ts'
import { isFiltered, spaceListPath } from '#components/spaces/list/space-search.ts'
import { SpaceTable } from '#components/spaces/list/space-table.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { LinkButton } from '#components/ui/link-button.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { Pagination } from '#components/ui/pagination.tsx'
import { readClusterNotices } from '#lib/broker/clusters/read-cluster-notices.ts'
import { listNotices } from '#lib/broker/notices/list-notices.ts'
import { listOffers } from '#lib/broker/offers/list-offers.ts'
import { listSpaces } from '#lib/broker/spaces/list-spaces.ts'
import type { SpacePage } from '#lib/domain/space-view.ts'
import { pageContext } from '#lib/web/page/page-context.ts'
import { dismissNoticeAction } from './notice-actions.ts'
import { acceptOfferAction, declineOfferAction } from './offer-actions.ts'
import { readSpaceQuery } from './read-space-query.ts'
import type { SearchParams } from './search-params.ts'

export const metadata: Metadata = { title: 'Spaces' }

/** The person's spaces and those shared with them; for platform admins, all spaces. */
export default async function SpacesPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const [ctx, params] = await Promise.all([pageContext(), searchParams])
  const query = readSpaceQuery(params)
  const isAdmin = ctx.actor.platformRole === 'admin'
  const [page, notices, offers, clusterNotices] = await Promise.all([
    listSpaces(ctx, query),
    listNotices(ctx),
    listOffers(ctx),
    isAdmin ? readClusterNotices(ctx) : [],
  ])
  const ownerName = page.rows.find(({ owner }) => owner.handle === query.owner)?.owner.name
  const nothingYet = page.rows.length === 0 && !isFiltered(query) && page.page === 1
  return (
    <>
      <PageHeader
        title="Spaces"
        description={isAdmin ? 'All spaces in Spaceport.' : 'Your spaces and the ones shared with you.'}
        actions={
          <LinkButton href="/spaces/new" variant="primary" icon="plus">
            New space
          </LinkButton>
        }
      />
      <ClusterNotices notices={clusterNotices} />
      {notices.length + offers.length > 0 && (
        <div className="mb-6 space-y-3">
          <OfferList offers={offers} accept={acceptOfferAction} decline={declineOfferAction} />
          <OfficeNotices notices={notices} dismiss={dismissNoticeAction} />
        </div>
      )}
      {nothingYet ? (
        <EmptyState
          icon="box"
          title="No spaces yet"
          action={<LinkButton href="/spaces/new">Create your first space</LinkButton>}
        >
          A space is your own Kubernetes namespace, with a quota, isolation from other spaces, and a kubeconfig that
          works with plain kubectl. It’s ready in seconds.
        </EmptyState>
      ) : (
        <>
          <SpaceListFilters query={query} ownerName={ownerName} />
          {page.rows.length === 0 ? (
            <EmptyState icon="search" title="Nothing found" action={<LinkButton href="/">Clear filters</LinkButton>}>
              No spaces match your search.
            </EmptyState>
          ) : (
            <>
              <SpaceTable rows={page.rows.map(toListRow)} query={query} defaultCluster={ctx.clusters.defaultName} />
              <Pagination
                previous={page.page > 1 ? spaceListPath({ ...query, page: page.page - 1 }) : null}
                next={hasMore(page) ? spaceListPath({ ...query, page: page.page + 1 }) : null}
              >
                {rangeInWords(page)}
              </Pagination>
            </>
          )}
        </>
      )}
    </>
  )
}

/** The total stops counting at a bound. Beyond it, a full page means that there may be more. */
const hasMore = ({ rows, page, pageSize, total, totalBound }: SpacePage) =>
  page * pageSize < total || (total >= totalBound && rows.length === pageSize)

function rangeInWords({ rows, page, pageSize, total, totalBound }: SpacePage): string {
  const first = (page - 1) * pageSize + 1
  const all = total >= totalBound ? `at least ${totalBound}` : String(total)
  return `${first}–${first + rows.length - 1} of ${all}`
}
