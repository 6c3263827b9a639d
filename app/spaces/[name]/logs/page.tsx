import type { Metadata } from 'next'
import { textParam } from '#app/search-params.ts'
import { MembersOnly } from '#app/spaces/[name]/members-only.tsx'
import { orError } from '#app/spaces/[name]/or-error.ts'
import { readSpacePage, type SpacePageProps } from '#app/spaces/[name]/read-space-page.ts'
import { logQueryOf } from '#components/spaces/log-query.ts'
import { EndedRunNote } from '#components/spaces/logs/ended-run-note.tsx'
import { chooseLogs, logTitle } from '#components/spaces/logs/log-choice.ts'
import { LogPicker } from '#components/spaces/logs/log-picker.tsx'
import { LogView } from '#components/spaces/logs/log-view.tsx'
import { spacePath } from '#components/spaces/space-path.ts'
import { Alert } from '#components/ui/alert.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { LinkButton } from '#components/ui/link-button.tsx'
import { readSpaceInside } from '#lib/features/spaces/use-cases/read-space-inside.ts'
import { isAppError } from '#lib/kernel/model/errors.ts'

export async function generateMetadata(props: SpacePageProps): Promise<Metadata> {
  return { title: `Logs · ${(await readSpacePage(props)).space.name}` }
}

/** The logs of the containers in a space. */
export default function SpaceLogsPage(props: SpacePageProps) {
  return (
    <MembersOnly
      page={props}
      title="Only members can read logs"
      why="Logs show what runs in this space, and you have no role in it. If you need to read them, request one."
    >
      <Logs {...props} />
    </MembersOnly>
  )
}

async function Logs(props: SpacePageProps) {
  const { ctx, key, address, search } = await readSpacePage(props)
  const inside = await orError(readSpaceInside(ctx, key))
  if (isAppError(inside))
    return (
      <Alert kind="warn" title="Logs can’t be shown right now">
        <p>{inside.sentence}</p>
      </Alert>
    )
  const of = textParam(search, 'of')
  const [first] = inside.workloads
  const asked =
    of === undefined && first
      ? logQueryOf(first)
      : { of, container: textParam(search, 'container'), previous: textParam(search, 'previous') }
  const previous = asked.previous === 'true'
  const choice = chooseLogs(inside.workloads, asked)
  if (!choice)
    return (
      <EmptyState
        icon="terminal"
        title="No pods, no logs"
        action={<LinkButton href={spacePath(address, 'connect')}>Connect with kubectl</LinkButton>}
      >
        Logs appear here once something runs in this space.
      </EmptyState>
    )
  const { sources, left, ended, ...chosen } = choice
  return (
    <LogView
      address={address}
      sources={sources}
      previous={previous}
      title={logTitle(chosen)}
      left={left}
      picker={<LogPicker address={address} choice={chosen} previous={previous} />}
      note={ended && <EndedRunNote address={address} ended={ended} previous={previous} />}
    />
  )
}
