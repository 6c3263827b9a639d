import { askWhatMayAction } from '#app/admin/access/actions.ts'
import { revokeCredentialsAction } from '#app/admin/credentials/actions.ts'
import { frameOf, openPerson, type PersonPageProps, personTitle } from '#app/admin/people/[handle]/read-person.ts'
import { removeGrantOfPersonAction } from '#app/admin/people/actions.ts'
import { validParam } from '#app/search-params.ts'
import { accessExportPath } from '#components/access/access-export-path.ts'
import { AccessTable } from '#components/access/access-table.tsx'
import { AskWhatMay } from '#components/access/ask-what-may.tsx'
import { DeactivatedNotice } from '#components/people/deactivated-notice.tsx'
import { personPath } from '#components/people/people-list-data.ts'
import { PersonCredentials } from '#components/people/person-credentials.tsx'
import { PersonFrame } from '#components/people/person-frame.tsx'
import { NotForYou } from '#components/shell/not-for-you.tsx'
import { LinkButton } from '#components/ui/link-button.tsx'
import { Pagination } from '#components/ui/list/pagination.tsx'
import { Section } from '#components/ui/section.tsx'
import { accessCursor } from '#lib/features/access/model/access-report.ts'
import { readAccessOfPerson } from '#lib/features/access/use-cases/read-access-report.ts'

export const generateMetadata = personTitle('Access')

/** What a person has access to, and why, for auditors and platform admins. */
export default async function PersonAccessPage(props: PersonPageProps) {
  const { ctx, head } = await openPerson(props)
  if (!head) return <NotForYou page="People" isEligible={ctx.actor.isEligible} />
  const { person } = head
  const after = validParam(await props.searchParams, 'after', accessCursor)
  const { rows, next, credentials } = await readAccessOfPerson(ctx, { person: person.handle, after })
  const isAdmin = ctx.actor.platformRole === 'admin'
  const { defaultName: defaultCluster, names: clusters } = ctx.clusters
  const path = personPath(person.handle, 'access')
  return (
    <PersonFrame {...frameOf(ctx, head)}>
      {head.offboarding === null && <DeactivatedNotice person={person} />}
      <Section
        title="Roles in spaces"
        content={rows.length === 0 ? 'card' : 'bare'}
        actions={
          <LinkButton download size="sm" href={accessExportPath({ person: person.handle })} icon="download">
            Download CSV
          </LinkButton>
        }
      >
        {rows.length === 0 ? (
          <p className="text-muted text-sm">
            {after === undefined ? 'They have no access to any space.' : 'There are no more.'}
          </p>
        ) : (
          <AccessTable
            rows={rows}
            of="person"
            now={ctx.now}
            defaultCluster={defaultCluster}
            isAdmin={isAdmin}
            remove={isAdmin ? removeGrantOfPersonAction : null}
          />
        )}
        <Pagination
          previous={after === undefined ? null : path}
          previousLabel="First page"
          next={next === null ? null : `${path}?${new URLSearchParams({ after: next })}`}
        />
      </Section>
      <PersonCredentials
        of={person}
        credentials={credentials}
        revoke={isAdmin ? revokeCredentialsAction : null}
        defaultCluster={defaultCluster}
      />
      <Section
        title="Ask the cluster"
        description="What can they do in a space? The API server answers, and the question is recorded in the audit trail."
      >
        <AskWhatMay
          known={{ person: person.handle, spaces: [...new Set(rows.map(({ space }) => space.name))] }}
          clusters={clusters}
          action={askWhatMayAction}
        />
      </Section>
    </PersonFrame>
  )
}
