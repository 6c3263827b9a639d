import type { Metadata } from 'next'
import { redirect } from 'next/navigation'
import { z } from 'zod'
import { type SearchParams, validParam } from '#app/search-params.ts'
import { FindSpace } from '#components/access/find-space.tsx'
import { personPath } from '#components/people/people-list-data.ts'
import { NotForYou } from '#components/shell/not-for-you.tsx'
import { spaceListPath } from '#components/spaces/list/space-search.ts'
import { spaceOf, spacePath } from '#components/spaces/space-path.ts'
import { PageHeader } from '#components/ui/page-header.tsx'
import { listAllSpaces } from '#lib/features/access/use-cases/list-all-spaces.ts'
import { decidePermission } from '#lib/kernel/model/people/permission.ts'
import { spaceKey } from '#lib/kernel/use-case/authorize.ts'
import { pageContext } from '#lib/web/page/page-context.ts'

const { name, cluster } = spaceKey.shape

export const metadata: Metadata = { title: 'Spaces' }

type Props = { searchParams: Promise<SearchParams> }

/**
 * Every space, for auditors, who see who can use it. Platform admins, who can open every space, have another list. The
 * addresses of the former report of a person or space lead to the new one.
 */
export default async function AllSpacesPage({ searchParams }: Props) {
  const [ctx, params] = await Promise.all([pageContext(), searchParams])
  const { platformRole, isEligible } = ctx.actor
  if (decidePermission('read-access-report', { platformRole, standing: null }) !== 'allowed')
    return <NotForYou page="Spaces" isEligible={isEligible} />
  const person = validParam(params, 'person', z.string().max(60))
  if (person !== undefined) redirect(personPath(person, 'access'))
  const space = validParam(params, 'space', name)
  if (space !== undefined) redirect(spacePath(spaceOf(space, validParam(params, 'cluster', cluster)), 'access/report'))
  if (validParam(params, 'by', z.literal('person'))) redirect('/admin/people')
  const [search, after] = [validParam(params, 'search', name), validParam(params, 'after', z.uuid())]
  if (platformRole === 'admin') redirect(spaceListPath({ search }))
  return (
    <>
      <PageHeader title="Spaces" description="Who can use each space, and why." />
      <FindSpace
        page={await listAllSpaces(ctx, { search, after })}
        search={search}
        after={after}
        defaultCluster={ctx.clusters.defaultName}
      />
    </>
  )
}
