import type { Metadata } from 'next'
import { z } from 'zod'
import { type SearchParams, validParam } from '#app/search-params.ts'
import { type AccessView, accessExportPath, accessPath } from '#components/access/access-path.ts'
import { FindPerson } from '#components/access/find-person.tsx'
import { FindSpace } from '#components/access/find-space.tsx'
import { NotForYou } from '#components/shell/not-for-you.tsx'
import { spaceOf } from '#components/spaces/space-path.ts'
import { LinkButton } from '#components/ui/link-button.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { TabLinks } from '#components/ui/tab-links.tsx'
import { accessCursor } from '#lib/features/access/model/access-report.ts'
import { listAllSpaces } from '#lib/features/access/use-cases/list-all-spaces.ts'
import { listPeople } from '#lib/features/people/use-cases/list-people.ts'
import { peopleQuery } from '#lib/kernel/model/people/people-query.ts'
import { decidePermission } from '#lib/kernel/model/people/permission.ts'
import { spaceKey } from '#lib/kernel/use-case/authorize.ts'
import { type PageContext, pageContext } from '#lib/web/page/page-context.ts'
import { PersonAccess } from './person-access.tsx'
import { SpaceAccess } from './space-access.tsx'

const { name, cluster } = spaceKey.shape

/** Shows one person, one space, or a search for either. */
type AccessQuery =
  | { shows: 'person'; person: string; after: string | undefined }
  | { shows: 'space'; space: { name: string; cluster?: string }; after: string | undefined }
  | { shows: 'people'; search: string | undefined; after: string | undefined }
  | { shows: 'spaces'; search: string | undefined; after: string | undefined }

/** @returns what the URL selects; invalid values are ignored */
function readAccessQuery(params: SearchParams): AccessQuery {
  const after = validParam(params, 'after', accessCursor)
  const person = validParam(params, 'person', z.string().max(60))
  if (person !== undefined) return { shows: 'person', person, after }
  const space = validParam(params, 'space', name)
  if (space !== undefined)
    return { shows: 'space', space: spaceOf(space, validParam(params, 'cluster', cluster)), after }
  if (validParam(params, 'by', z.literal('space')))
    return {
      shows: 'spaces',
      search: validParam(params, 'search', name),
      after: validParam(params, 'after', z.uuid()),
    }
  return {
    shows: 'people',
    search: validParam(params, 'search', peopleQuery.shape.search),
    after: validParam(params, 'after', peopleQuery.shape.after),
  }
}

export const metadata: Metadata = { title: 'Access' }

type Props = { searchParams: Promise<SearchParams> }

/** Who has access to which spaces, by person or by space, for auditors and platform admins. */
export default async function AccessPage({ searchParams }: Props) {
  const [ctx, params] = await Promise.all([pageContext(), searchParams])
  const { platformRole } = ctx.actor
  if (decidePermission('read-access-report', { platformRole, standing: null }) !== 'allowed')
    return <NotForYou page="Access" isEligible={ctx.actor.isEligible} />
  const query = readAccessQuery(params)
  const view = viewOf(query)
  return (
    <>
      <PageHeader
        title="Access"
        description="Who has access to which spaces, how they got it, when it expires and when they last used it."
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
