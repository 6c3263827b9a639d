import type { Metadata } from 'next'
import type { SearchParams } from '#app/search-params.ts'
import { type AccessView, accessExportPath, accessPath } from '#components/access/access-path.ts'
import { FindPerson } from '#components/access/find-person.tsx'
import { FindSpace } from '#components/access/find-space.tsx'
import { NotForYou } from '#components/shell/not-for-you.tsx'
import { LinkButton } from '#components/ui/link-button.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { TabLinks } from '#components/ui/tab-links.tsx'
import { listAllSpaces } from '#lib/features/access/use-cases/list-all-spaces.ts'
import { listPeople } from '#lib/features/people/use-cases/list-people.ts'
import { decidePermission } from '#lib/kernel/model/people/permission.ts'
import { type PageContext, pageContext } from '#lib/web/page/page-context.ts'
import { PersonAccess } from './person-access.tsx'
import { type AccessQuery, readAccessQuery } from './read-access-query.ts'
import { SpaceAccess } from './space-access.tsx'

export const metadata: Metadata = { title: 'Access' }

type Props = { searchParams: Promise<SearchParams> }

/** Who has access to what, why, and since when, by person or by space; for auditors and platform admins. */
export default async function AccessPage({ searchParams }: Props) {
  const [ctx, params] = await Promise.all([pageContext(), searchParams])
  const { platformRole } = ctx.actor
  if (decidePermission('read-holdings', { platformRole, standing: null }) !== 'allowed')
    return <NotForYou page="Access" isEligible={ctx.actor.isEligible} />
  const query = readAccessQuery(params)
  const view = viewOf(query)
  return (
    <>
      <PageHeader
        title="Access"
        description="Who can use what, why, since when, until when, and when they last did."
        actions={
          <LinkButton download href={accessExportPath(view)} icon="download">
            Download CSV
          </LinkButton>
        }
      />
      <div className="mb-6">
        <TabLinks
          label="View"
          items={[
            { href: accessPath({ by: 'person' }), label: 'By person', current: view.by === 'person' },
            { href: accessPath({ by: 'space' }), label: 'By space', current: view.by === 'space' },
          ]}
        />
      </div>
      <Shown ctx={ctx} query={query} />
    </>
  )
}

function viewOf(query: AccessQuery): AccessView {
  if (query.shows === 'person') return { by: 'person', person: query.person }
  if (query.shows === 'space') return { by: 'space', space: query.space }
  return { by: query.shows === 'people' ? 'person' : 'space' }
}

async function Shown({ ctx, query }: { ctx: PageContext; query: AccessQuery }) {
  switch (query.shows) {
    case 'person':
      return <PersonAccess ctx={ctx} handle={query.person} after={query.after} />
    case 'space':
      return <SpaceAccess ctx={ctx} space={query.space} after={query.after} />
    case 'people': {
      const { search, after } = query
      return <FindPerson page={await listPeople(ctx, { search, after })} search={search} after={after} />
    }
    case 'spaces': {
      const { search, after } = query
      return (
        <FindSpace
          page={await listAllSpaces(ctx, { search, after })}
          search={search}
          after={after}
          defaultCluster={ctx.clusters.defaultName}
        />
      )
    }
  }
}
