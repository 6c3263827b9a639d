import { Suspense } from 'react'
import { accessPath } from '#components/access/access-path.ts'
import { AccessPersonLink } from '#components/access/access-person-link.tsx'
import { AccessTable } from '#components/access/access-table.tsx'
import { AskWhatMay } from '#components/access/ask-what-may.tsx'
import { AskWhoMay } from '#components/access/ask-who-may.tsx'
import { ClusterBindings } from '#components/access/cluster-bindings.tsx'
import { DirectAccessTable } from '#components/access/direct-access-table.tsx'
import { FindSpace } from '#components/access/find-space.tsx'
import { addressOf, spacePath } from '#components/spaces/space-path.ts'
import { SpaceStatusBadge } from '#components/spaces/space-status-badge.tsx'
import { Alert } from '#components/ui/alert.tsx'
import { Copyable } from '#components/ui/copyable.tsx'
import { DescriptionList } from '#components/ui/description-list.tsx'
import { LinkButton } from '#components/ui/link-button.tsx'
import { Pagination } from '#components/ui/list/pagination.tsx'
import { Section } from '#components/ui/section.tsx'
import { AbsoluteTime } from '#components/ui/time/absolute-time.tsx'
import { RelativeTime } from '#components/ui/time/relative-time.tsx'
import { listAllSpaces } from '#lib/features/access/use-cases/list-all-spaces.ts'
import { readAccessOfSpace } from '#lib/features/access/use-cases/read-access-report.ts'
import { readDirectAccess } from '#lib/features/access/use-cases/read-direct-access.ts'
import { readSpaceBindings } from '#lib/features/access/use-cases/read-space-bindings.ts'
import { type AppError, isAppError } from '#lib/kernel/model/errors.ts'
import type { SpaceKey } from '#lib/kernel/use-case/authorize.ts'
import type { PageContext } from '#lib/web/page/page-context.ts'
import { askWhatMayAction, askWhoMayAction } from './actions.ts'

type Props = { ctx: PageContext; space: SpaceKey; after: string | undefined }

/** Everyone who has access to one space, by Spaceport’s data and on the cluster. */
export async function SpaceAccess({ ctx, space: key, after }: Props) {
  const { defaultName: defaultCluster, names: clusters } = ctx.clusters
  const onCluster = bindingsOf(ctx, key)
  const found = await Promise.all([
    readAccessOfSpace(ctx, { space: key, after }),
    readDirectAccess(ctx, { space: key }),
  ]).catch((error: unknown) => {
    if (isAppError(error, 'not_found')) return null
    throw error
  })
  if (!found)
    return (
      <>
        <Alert kind="warn" title={`No such space on the cluster ${key.cluster ?? defaultCluster}`} className="mb-4">
          <p className="wrap-anywhere">Below are the spaces on all clusters with “{key.name}” in their names.</p>
        </Alert>
        <FindSpace
          page={await listAllSpaces(ctx, { search: key.name })}
          search={key.name}
          after={undefined}
          defaultCluster={defaultCluster}
        />
      </>
    )
  const [{ space, rows, next }, directAccess] = found
  const address = addressOf(space, defaultCluster)
  const people = [...new Set(rows.flatMap(({ person }) => (person ? [person.handle] : [])))]
  const isAdmin = ctx.actor.platformRole === 'admin'
  return (
    <div className="space-y-8">
      <div className="flex flex-wrap items-start justify-between gap-3">
        <div className="min-w-0">
          <h2 className="flex flex-wrap items-center gap-2">
            <span className="wrap-anywhere font-mono">{space.name}</span> <SpaceStatusBadge status={space.status} />
          </h2>
        </div>
        {isAdmin && (
          <LinkButton href={spacePath(address, 'access')} icon="users">
            Change members
          </LinkButton>
        )}
      </div>
      <DescriptionList
        items={[
          { term: 'Owner', detail: <AccessPersonLink person={{ ...space.owner, deactivated: false }} /> },
          { term: 'Cluster', detail: space.cluster },
          { term: 'Namespace', detail: <Copyable text={space.namespace} what="the namespace" /> },
          { term: 'Created', detail: <RelativeTime at={space.createdAt} /> },
          { term: 'Ends', detail: space.endsAt ? <AbsoluteTime at={space.endsAt} /> : 'No end' },
        ]}
      />
      <Section title="People" level={3} content="bare">
        <AccessTable rows={rows} of="space" now={ctx.now} defaultCluster={defaultCluster} isAdmin={isAdmin} />
        <Pagination
          previous={after === undefined ? null : accessPath({ by: 'space', space: address })}
          previousLabel="First page"
          next={next === null ? null : accessPath({ by: 'space', space: address }, next)}
        />
      </Section>
      <Section title="On the cluster" level={3} content="bare">
        <Suspense fallback={<p className="text-muted text-sm">Asking the cluster…</p>}>
          <OnCluster asked={onCluster} />
        </Suspense>
      </Section>
      <Section
        title="Direct access"
        level={3}
        content="bare"
        description="Direct access past the gateway: with client certificates, ServiceAccount tokens, or as a cluster admin."
      >
        <DirectAccessTable found={directAccess} />
      </Section>
      <Section
        title="Ask the cluster"
        level={3}
        description="The API server answers, regardless of Spaceport’s own data. Each question is recorded in the audit trail."
      >
        <div className="space-y-6">
          <AskWhoMay address={address} action={askWhoMayAction} />
          <AskWhatMay known={{ space: address }} suggestions={people} clusters={clusters} action={askWhatMayAction} />
        </div>
      </Section>
    </div>
  )
}

type Bindings = Awaited<ReturnType<typeof readSpaceBindings>> | AppError

/** Asks the cluster while the database is read. An expected failure is shown in place of the answer. */
function bindingsOf(ctx: PageContext, space: SpaceKey): Promise<Bindings> {
  const asked = readSpaceBindings(ctx, { space }).catch((error: unknown) => {
    if (isAppError(error)) return error
    throw error
  })
  // Avoids an unhandled rejection: if the space doesn’t exist, the result isn’t awaited.
  asked.catch(() => {})
  return asked
}

async function OnCluster({ asked }: { asked: Promise<Bindings> }) {
  const found = await asked
  if (!isAppError(found)) return <ClusterBindings found={found} />
  return (
    <Alert kind="warn" title="The cluster’s bindings can’t be shown right now">
      <p>{found.sentence}</p>
    </Alert>
  )
}
