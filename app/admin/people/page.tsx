import type { Metadata } from 'next'
import { readSavedFilters } from '#app/read-saved-filters.ts'
import { type SearchParams, searchText } from '#app/search-params.ts'
import { PeopleList } from '#components/people/people-list.tsx'
import { toPeopleListData } from '#components/people/people-list-data.ts'
import { NotForYou } from '#components/shell/not-for-you.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { listPeople } from '#lib/features/people/use-cases/list-people.ts'
import { decidePermission } from '#lib/kernel/model/people/permission.ts'
import { pageContext } from '#lib/web/page/page-context.ts'
import { peopleParams, readPeopleQuery } from './read-people-query.ts'

export const metadata: Metadata = { title: 'People' }

type Props = { searchParams: Promise<SearchParams> }

/** Everyone who has ever signed in, for auditors and platform admins. */
export default async function PeoplePage({ searchParams }: Props) {
  const [ctx, params] = await Promise.all([pageContext(), searchParams])
  const { platformRole } = ctx.actor
  if (decidePermission('list-people', { platformRole, standing: null }) !== 'allowed')
    return <NotForYou page="People" isEligible={ctx.actor.isEligible} />
  const query = readPeopleQuery(params)
  const [people, kept] = await Promise.all([listPeople(ctx, query), readSavedFilters(ctx, 'people')])
  const data = toPeopleListData(people, query)
  return (
    <>
      <PageHeader
        title="People"
        description="Everyone who has ever signed in, with their spaces, sessions and credentials."
      />
      <PeopleList given={{ names: peopleParams, search: searchText(params, peopleParams), data }} kept={kept} />
    </>
  )
}
