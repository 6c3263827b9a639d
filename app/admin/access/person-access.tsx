import { accessPath } from '#components/access/access-path.ts'
import { AccessTable } from '#components/access/access-table.tsx'
import { AskWhatMay } from '#components/access/ask-what-may.tsx'
import { FindPerson } from '#components/access/find-person.tsx'
import { credentialColumns } from '#components/people/credential-columns.tsx'
import { personPath } from '#components/people/people-list-data.ts'
import { Alert } from '#components/ui/alert.tsx'
import { Badge } from '#components/ui/badge.tsx'
import { LinkButton } from '#components/ui/link-button.tsx'
import { DataTable } from '#components/ui/list/data-table.tsx'
import { Pagination } from '#components/ui/list/pagination.tsx'
import { Section } from '#components/ui/section.tsx'
import { readAccessOfPerson } from '#lib/features/access/use-cases/read-access-report.ts'
import { listPeople } from '#lib/features/people/use-cases/list-people.ts'
import { isAppError } from '#lib/kernel/model/errors.ts'
import type { PageContext } from '#lib/web/page/page-context.ts'
import { askWhatMayAction } from './actions.ts'

type Props = { ctx: PageContext; handle: string; after: string | undefined }

export async function PersonAccess({ ctx, handle, after }: Props) {
  const found = await readAccessOfPerson(ctx, { person: handle, after }).catch((error: unknown) => {
    if (isAppError(error, 'not_found')) return null
    throw error
  })
  if (!found)
    return (
      <>
        <Alert kind="warn" title="No one has this handle" className="mb-4">
          <p className="wrap-anywhere">Search for the person instead of “{handle}”.</p>
        </Alert>
        <FindPerson page={await listPeople(ctx, { search: handle })} search={handle} after={undefined} />
      </>
    )
  const { person, rows, next, credentials } = found
  const { defaultName: defaultCluster, names: clusters } = ctx.clusters
  return (
    <div className="space-y-8">
      <div className="flex flex-wrap items-start justify-between gap-3">
        <div className="min-w-0">
          <h2 className="wrap-anywhere">
            {person.name}{' '}
            {person.deactivatedAt && (
              <Badge tone="warn" icon="lock">
                Deactivated
              </Badge>
            )}
          </h2>
          <p className="wrap-anywhere text-muted text-sm">
            <span className="font-mono">{person.handle}</span>
            {person.email !== '' && ` · ${person.email}`}
          </p>
        </div>
        <LinkButton href={personPath(person.handle)} icon="user">
          View profile
        </LinkButton>
      </div>
      {person.deactivatedAt && (
        <Alert kind="warn" title="This person is deactivated">
          <p>They can’t use any of this now. They would get it back if they were reactivated.</p>
        </Alert>
      )}
      <Section title="Spaces" level={3} content="bare">
        {rows.length === 0 ? (
          <p className="text-muted text-sm">They have no access to any space.</p>
        ) : (
          <AccessTable
            rows={rows}
            of="person"
            now={ctx.now}
            defaultCluster={defaultCluster}
            isAdmin={ctx.actor.platformRole === 'admin'}
          />
        )}
        <Pagination
          previous={after === undefined ? null : accessPath({ by: 'person', person: person.handle })}
          previousLabel="First page"
          next={next === null ? null : accessPath({ by: 'person', person: person.handle }, next)}
        />
      </Section>
      <Section title="Active credentials" level={3} content="bare">
        {credentials.rows.length === 0 ? (
          <p className="text-muted text-sm">They have no active credentials.</p>
        ) : (
          <DataTable
            caption="Active credentials"
            rows={credentials.rows}
            rowKey={({ id }) => id}
            columns={credentialColumns(defaultCluster)}
          />
        )}
        {credentials.more && (
          <p className="mt-3 text-sm">
            <LinkButton size="sm" href={`/admin/credentials?${new URLSearchParams({ person: person.handle })}`}>
              View all credentials
            </LinkButton>
          </p>
        )}
      </Section>
      <Section
        title="Ask the cluster"
        level={3}
        description="What can they do in a space? The API server answers, regardless of Spaceport’s own data. Each question is recorded in the audit trail."
      >
        <AskWhatMay
          known={{ person: person.handle }}
          suggestions={[...new Set(rows.map(({ space }) => space.name))]}
          clusters={clusters}
          action={askWhatMayAction}
        />
      </Section>
    </div>
  )
}
