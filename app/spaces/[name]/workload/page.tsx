import type { Metadata } from 'next'
import { Suspense } from 'react'
import { textParam } from '#app/search-params.ts'
import { MembersOnly } from '#app/spaces/[name]/members-only.tsx'
import { orError } from '#app/spaces/[name]/or-error.ts'
import { readSpacePage, type SpacePageProps } from '#app/spaces/[name]/read-space-page.ts'
import { spacePath } from '#components/spaces/space-path.ts'
import { LastLines, LastLinesSkeleton } from '#components/spaces/workload/last-lines.tsx'
import { WorkloadView } from '#components/spaces/workload/workload-view.tsx'
import { Alert } from '#components/ui/alert.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { LinkButton } from '#components/ui/link-button.tsx'
import { mayChangeWorkloads, mayOpenShell } from '#lib/features/search/model/may-inside.ts'
import { type EndedRun, mostRelevantRun } from '#lib/features/spaces/model/ended-run.ts'
import { workloadRef } from '#lib/features/spaces/model/workload-view.ts'
import { readWorkload } from '#lib/features/spaces/use-cases/read-workload.ts'
import { isAppError } from '#lib/kernel/model/errors.ts'
import { readLastLines } from '#lib/web/gateway/read-last-lines.ts'
import { deletePodAction, restartAction, rollBackAction, runNowAction, scaleAction, suspendAction } from './actions.ts'

export async function generateMetadata(props: SpacePageProps): Promise<Metadata> {
  const { space, search } = await readSpacePage(props)
  const of = workloadRef.safeParse(textParam(search, 'of'))
  return { title: `${of.success ? of.data.name : 'Workload'} · ${space.name}` }
}

/** One workload of a space. */
export default function WorkloadPage(props: SpacePageProps) {
  return (
    <MembersOnly page={props} why="You have no role in this space. If you need to see its workloads, request one.">
      <Workload {...props} />
    </MembersOnly>
  )
}

async function Workload(props: SpacePageProps) {
  const { ctx, key, space, address, search } = await readSpacePage(props)
  const of = textParam(search, 'of') ?? ''
  const withManifest = textParam(search, 'yaml') === 'true'
  const detail = await orError(readWorkload(ctx, { space: key, of, withManifest }))
  if (isAppError(detail) && detail.code !== 'bad_input')
    return (
      <Alert kind="warn" title="This workload can’t be shown right now">
        <p>{detail.sentence}</p>
      </Alert>
    )
  if (detail === null || isAppError(detail))
    return (
      <EmptyState
        icon="space"
        title="This workload is gone"
        action={<LinkButton href={spacePath(address)}>See what runs here</LinkButton>}
      >
        There is no such workload in this space. It may have been deleted or renamed.
      </EmptyState>
    )
  const run = mostRelevantRun(detail.workload.pods)
  return (
    <WorkloadView
      detail={detail}
      address={address}
      mayOpenShell={mayOpenShell(space.standing)}
      acts={
        mayChangeWorkloads(space.standing)
          ? {
              restart: restartAction,
              scale: scaleAction,
              rollBack: rollBackAction,
              runNow: runNowAction,
              suspend: suspendAction,
              deletePod: deletePodAction,
            }
          : null
      }
      all={textParam(search, 'rows') === 'all'}
      lastLines={
        run && (
          <Suspense fallback={<LastLinesSkeleton run={run} />}>
            <Lines {...props} run={run} />
          </Suspense>
        )
      }
    />
  )
}

async function Lines({ run, ...props }: SpacePageProps & { run: Omit<EndedRun, 'problem'> }) {
  const { ctx, key, address } = await readSpacePage(props)
  const { previous, ...source } = run
  const log = await orError(readLastLines(ctx, { space: key, source, previous }))
  return <LastLines address={address} run={run} log={isAppError(log) ? log.sentence : log} />
}
