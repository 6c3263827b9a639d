import type { Metadata } from 'next'
import { type ReactNode, Suspense } from 'react'
import { markReadAction } from '#app/inbox/actions.ts'
import { nullIfNotFound } from '#app/null-if-not-found.ts'
import { textParam } from '#app/search-params.ts'
import { restartAction } from '#app/spaces/[name]/workload/actions.ts'
import { AdminNotices } from '#components/spaces/list/admin-notices.tsx'
import type { Resizing } from '#components/spaces/overview/blocked-by-quota.tsx'
import { DownloadStep } from '#components/spaces/overview/download-step.tsx'
import { FirstSteps, RemainingSteps } from '#components/spaces/overview/first-steps.tsx'
import { RetryButton } from '#components/spaces/overview/retry-button.tsx'
import { SpaceFacts } from '#components/spaces/overview/space-facts.tsx'
import { SpaceInside } from '#components/spaces/overview/space-inside.tsx'
import { SpaceInsideSkeleton } from '#components/spaces/overview/space-inside-skeleton.tsx'
import { SpaceProgress } from '#components/spaces/overview/space-progress.tsx'
import { UsageOverTime } from '#components/spaces/overview/usage-over-time.tsx'
import { AskInstead } from '#components/spaces/request-instead.tsx'
import { SpaceFrame } from '#components/spaces/space-frame.tsx'
import { Alert } from '#components/ui/alert.tsx'
import type { FormAction } from '#components/ui/form/action-form.tsx'
import { contextName } from '#lib/features/credentials/model/render-kubeconfig.ts'
import { listAdminActs } from '#lib/features/inbox/use-cases/list-admin-acts.ts'
import { findSizeRequest } from '#lib/features/requests/use-cases/find-size-request.ts'
import { mayChangeWorkloads, mayOpenShell } from '#lib/features/search/model/may-inside.ts'
import { showsSteps } from '#lib/features/spaces/model/first-steps.ts'
import { readFirstSteps } from '#lib/features/spaces/use-cases/read-first-steps.ts'
import { readSpaceInside } from '#lib/features/spaces/use-cases/read-space-inside.ts'
import { type AppError, isAppError } from '#lib/kernel/model/errors.ts'
import { defaultCredentialHours } from '#lib/kernel/model/policy/policy.ts'
import { healthOf } from '#lib/kernel/model/spaces/space-health.ts'
import type { SpaceInside as SpaceInsideRead } from '#lib/kernel/model/spaces/space-inside.ts'
import type { SpaceKey } from '#lib/kernel/use-case/authorize.ts'
import type { PageContext } from '#lib/web/page/page-context.ts'
import { readHidesSteps } from '#lib/web/page/read-hides-steps.ts'
import { createKubeconfigAction, retrySpaceAction, updateSpaceAction } from './actions.ts'
import { orError } from './or-error.ts'
import { readSpacePage, type SpacePageProps } from './read-space-page.ts'

export async function generateMetadata(props: SpacePageProps): Promise<Metadata> {
  return { title: (await readSpacePage(props)).space.name }
}

/** The space right now: its progress while it is created or deleted, otherwise what is inside. */
export default async function SpacePage(props: SpacePageProps) {
  const { ctx, key, space, address, may, search, frame, inGit } = await readSpacePage(props)
  const retry = may('retry-space') && <RetryButton action={retrySpaceAction} address={address} />
  const notices = space.standing === 'owner' ? await listAdminActs(ctx, space.id) : []
  const moving = space.status === 'creating' || space.status === 'deleting' || space.status === 'failed'
  const facts = <SpaceFacts space={space} linksCluster={may('list-clusters')} />
  const inside = !moving && may('read-space-inside') ? orError(readSpaceInside(ctx, key)) : null
  const health = inside?.then((read) => (isAppError(read) ? space.health : healthOf(read.workloads)))
  return (
    <SpaceFrame {...frame} isOverview health={health}>
      <AdminNotices notices={notices} dismiss={markReadAction} />
      {moving ? (
        <>
          <SpaceProgress space={space} retry={retry} now={ctx.now} />
          {facts}
        </>
      ) : (
        <>
          {space.failure && (
            <Alert kind="warn" title="Not everything is up to date on the cluster" action={retry}>
              <p>{space.failure.message}</p>
            </Alert>
          )}
          {inside ? (
            <Suspense fallback={<SpaceInsideSkeleton facts={facts} />}>
              <Inside
                ctx={ctx}
                reading={inside}
                space={key}
                retry={retry}
                facts={facts}
                context={contextName(space.cluster, space.name)}
                mayInvite={mayChangeWorkloads(space.standing) ? may('add-grant') : null}
                mayOpenShell={mayOpenShell(space.standing)}
                all={textParam(search, 'rows') === 'all'}
                restart={mayChangeWorkloads(space.standing) ? restartAction : null}
                resizing={{
                  address,
                  size: space.size,
                  maxSize: ctx.policy.maxSize,
                  mayChange: may('update-space') && !inGit,
                  mayAsk: may('request-size') && !inGit,
                  inGit,
                  owner: space.owner.name,
                  update: updateSpaceAction,
                }}
              />
            </Suspense>
          ) : (
            <>
              <AskInstead title="Only members see what’s inside" address={address} asks="viewer">
                As a platform admin you can manage this space, but you can’t see its workloads, events or usage without
                being a member. If you need to, request a role.
              </AskInstead>
              {facts}
            </>
          )}
        </>
      )}
    </SpaceFrame>
  )
}

type InsideProps = {
  ctx: PageContext
  reading: Promise<SpaceInsideRead | AppError>
  space: SpaceKey
  retry: ReactNode
  facts: ReactNode
  /** The name of its context in a kubeconfig. */
  context: string
  /** Whether they may invite others; null: they may not deploy either. */
  mayInvite: boolean | null
  mayOpenShell: boolean
  all: boolean
  restart: FormAction | null
  resizing: Resizing
}

async function Inside(props: InsideProps) {
  const {
    ctx,
    reading,
    space,
    retry,
    facts,
    context,
    mayInvite,
    mayOpenShell: mayShell,
    all,
    restart,
    resizing,
  } = props
  const [inside, steps, hidden] = await Promise.all([
    reading,
    // Access may end in the meantime.
    mayInvite === null ? null : nullIfNotFound(readFirstSteps(ctx, space)),
    readHidesSteps(),
  ])
  if (!isAppError(inside)) {
    const deployed = inside.workloads.length > 0
    const { address } = resizing
    const firstSteps =
      steps &&
      mayInvite !== null &&
      showsSteps({ steps, deployed, mayInvite, hidden }) &&
      (deployed ? (
        <RemainingSteps {...{ address, steps, mayInvite }} />
      ) : (
        <FirstSteps
          {...{ address, steps, mayInvite }}
          download={
            <DownloadStep
              {...{ address, context }}
              make={createKubeconfigAction}
              hours={defaultCredentialHours(ctx.policy)}
              connected={steps.connected}
            />
          }
        />
      ))
    const asked = inside.blocked && resizing.mayAsk ? await nullIfNotFound(findSizeRequest(ctx, space)) : null
    return <SpaceInside {...{ inside, facts, firstSteps, all, restart, resizing, asked }} mayOpenShell={mayShell} />
  }
  return (
    <>
      <Alert kind="warn" title="Workloads, events and usage can’t be shown right now" action={retry}>
        <p>{inside.sentence}</p>
      </Alert>
      <UsageOverTime address={resizing.address} />
      {facts}
    </>
  )
}
