import type { Metadata } from 'next'
import { markReadAction } from '#app/inbox/actions.ts'
import { AllSpacesTitle } from '#components/shell/all-spaces-title.tsx'
import { ownTitle } from '#components/shell/own-title.ts'
import { dayAfter, dayOf } from '#components/spaces/last-day.ts'
import { AdminNotices } from '#components/spaces/list/admin-notices.tsx'
import { ClusterNotices } from '#components/spaces/list/cluster-notices.tsx'
import { ListSubtitle } from '#components/spaces/list/list-subtitle.tsx'
import { OfferList } from '#components/spaces/list/offer-list.tsx'
import { SpaceList } from '#components/spaces/list/space-list.tsx'
import { toSpaceListData } from '#components/spaces/list/to-space-list-data.ts'
import { LinkButton } from '#components/ui/link-button.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { readClusterNotices } from '#lib/features/clusters/use-cases/read-cluster-notices.ts'
import { listAdminActs } from '#lib/features/inbox/use-cases/list-admin-acts.ts'
import { listOffers } from '#lib/features/offers/use-cases/list-offers.ts'
import { listSpaces } from '#lib/features/spaces/use-cases/list-spaces.ts'
import { latestEnd } from '#lib/kernel/model/policy/policy-rules.ts'
import { pageContext } from '#lib/web/page/page-context.ts'
import { readSpaceColumns } from '#lib/web/page/read-space-columns.ts'
import { acceptOfferAction, declineOfferAction } from './offer-actions.ts'
import { readSavedFilters } from './read-saved-filters.ts'
import { readSpaceQuery, spaceParams } from './read-space-query.ts'
import { type SearchParams, searchText } from './search-params.ts'
import { deleteSpacesAction, endSpacesAction, offerSpacesAction } from './space-bulk-actions.ts'
import { searchGroupsAction, searchPeopleAction } from './space-filter-actions.ts'
import { titleWithCount } from './title-with-count.ts'

export const generateMetadata = async (): Promise<Metadata> => ({
  title: { absolute: await titleWithCount('Spaces · Spaceport') },
})

/** The person's own and shared spaces; for platform admins, all spaces. */
export default async function SpacesPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const [ctx, params, columns] = await Promise.all([pageContext(), searchParams, readSpaceColumns()])
  const query = readSpaceQuery(params)
  const isAdmin = ctx.actor.platformRole === 'admin'
  const [page, notices, offers, kept, clusterNotices] = await Promise.all([
    listSpaces(ctx, query),
    listAdminActs(ctx),
    listOffers(ctx),
    readSavedFilters(ctx, 'spaces'),
    isAdmin ? readClusterNotices(ctx) : [],
  ])
  return (
    <div className="group/list">
      <PageHeader
        title={isAdmin ? <AllSpacesTitle /> : ownTitle('spaces', ctx.actor.platformRole !== null)}
        description={isAdmin ? undefined : <ListSubtitle isAuditor={ctx.actor.platformRole === 'auditor'} />}
        actions={
          <div className="group-has-data-no-spaces/list:hidden">
            <LinkButton href="/spaces/new" variant="primary" icon="plus">
              New space
            </LinkButton>
          </div>
        }
      />
      <ClusterNotices notices={clusterNotices} />
      {notices.length + offers.length > 0 && (
        <div className="mb-6 space-y-3">
          <OfferList offers={offers} accept={acceptOfferAction} decline={declineOfferAction} />
          <AdminNotices notices={notices} dismiss={markReadAction} />
        </div>
      )}
      <SpaceList
        given={{ names: spaceParams, search: searchText(params, spaceParams), data: toSpaceListData(page, query) }}
        clusters={ctx.clusters}
        kept={kept}
        columns={columns}
        admin={isAdmin ? roleStateOf(ctx) : null}
      />
    </div>
  )
}

/** What only platform admins can do with the list. */
const roleStateOf = ({ now, policy }: Awaited<ReturnType<typeof pageContext>>) => ({
  searches: { people: searchPeopleAction, groups: searchGroupsAction },
  end: endSpacesAction,
  offer: offerSpacesAction,
  remove: deleteSpacesAction,
  tomorrow: dayAfter(now),
  latestDay: policy.longestSpaceDays === null ? null : dayOf(latestEnd(now, policy.longestSpaceDays)),
  offerDays: policy.offerExpiryDays,
})
