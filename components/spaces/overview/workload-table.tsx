import { Fragment } from 'react'
import { InUse } from '#components/spaces/in-use.tsx'
import { logQueryOf } from '#components/spaces/log-query.ts'
import { chooseLogs, logTitle } from '#components/spaces/logs/log-choice.ts'
import { includesRestarts } from '#components/spaces/problem-words.ts'
import { chooseShell } from '#components/spaces/shell/shell-choice.ts'
import { type SpaceAddress, spacePath } from '#components/spaces/space-path.ts'
import { WorkloadStatus } from '#components/spaces/workload-status.tsx'
import type { FormAction } from '#components/ui/form/action-form.tsx'
import { type Column, DataTable } from '#components/ui/list/data-table.tsx'
import { NameLink } from '#components/ui/name-link.tsx'
import { NoValue } from '#components/ui/no-value.tsx'
import { RelativeTime } from '#components/ui/time/relative-time.tsx'
import { inUseText } from '#lib/features/spaces/model/use-in-words.ts'
import { canRestart } from '#lib/features/spaces/model/workload-view.ts'
import { inNumber } from '#lib/kernel/model/in-number.ts'
import type { PlacedWorkload, SpaceInside } from '#lib/kernel/model/spaces/space-inside.ts'
import { WorkloadWays } from './workload-ways.tsx'

const columns: readonly Column<PlacedWorkload>[] = [
  {
    key: 'status',
    header: 'Status',
    wraps: 'text',
    card: 'plain',
    cell: (workload) => <WorkloadStatus {...workload} />,
  },
  {
    key: 'ready',
    header: 'Ready',
    card: 'plain',
    cell: ({ kind, ready, desired, pods, problem }) =>
      kind === 'CronJob' && desired === 0 ? (
        <NoValue />
      ) : (
        <Ready {...{ kind, ready, desired }} restarts={problem && includesRestarts(problem) ? 0 : restartsOf(pods)} />
      ),
  },
  { key: 'age', header: 'Created', folds: 'first', cell: ({ createdAt }) => <RelativeTime at={createdAt} /> },
]

type Props = {
  workloads: readonly PlacedWorkload[]
  inUse: SpaceInside['inUse']
  address: SpaceAddress
  mayOpenShell: boolean
  /** Null: not allowed. */
  restart: FormAction | null
}

/** The workloads of a space, those with a problem first, with the reasons. */
export const WorkloadTable = ({ workloads, inUse, address, mayOpenShell, restart }: Props) => (
  <DataTable
    caption="Workloads"
    narrow
    columns={[
      {
        key: 'name',
        header: 'Workload',
        primary: true,
        className: 'wide:w-2/5',
        cell: (one) => <Name {...{ one, inUse, address }} />,
      },
      ...columns,
      {
        key: 'open',
        header: 'Open',
        headerHidden: true,
        align: 'right',
        cell: (one) => <Ways {...{ one, address, mayOpenShell, restart }} />,
      },
    ]}
    rows={workloads}
    rowKey={({ kind, name }) => `${kind}/${name}`}
  />
)

const Name = ({ one, inUse, address }: { one: PlacedWorkload } & Pick<Props, 'inUse' | 'address'>) => (
  <>
    <NameLink
      wholeRow
      href={spacePath(address, 'workload', { of: `${one.kind}/${one.name}` })}
      className="block font-medium font-mono"
    >
      {one.name}
    </NameLink>
    <span className="flex flex-wrap gap-x-2 text-muted text-xs">
      {one.kind}
      {one.image && <Image name={one.image} />}
      <InUse pods={one.pods} measured={inUse}>
        {(use) => <span className="tabular-nums">{inUseText(use)} in use</span>}
      </InUse>
    </span>
  </>
)

const restartsOf = (pods: PlacedWorkload['pods']) => pods.reduce((sum, { restarts }) => sum + restarts, 0)

type ReadyProps = Pick<PlacedWorkload, 'kind' | 'ready' | 'desired'> & { restarts: number }

/** Cards have no header above it, so it says what it counts. */
const Ready = ({ kind, ready, desired, restarts }: ReadyProps) => (
  <span className="whitespace-nowrap tabular-nums">
    {ready} of {desired}
    <span className="wide:hidden"> {kind === 'Job' ? 'complete' : desired === 1 ? 'pod' : 'pods'}</span>
    {restarts > 0 && <span className="block text-muted text-xs">{inNumber(restarts, 'restart')}</span>}
  </span>
)

/** An image name that wraps between its parts. */
const Image = ({ name }: { name: string }) => (
  <span className="wrap-anywhere font-mono">
    {name.split(/(?<=\/)/).map((part, place) => (
      // biome-ignore lint/suspicious/noArrayIndexKey: parts have no name but their place
      <Fragment key={place}>
        {place > 0 && <wbr />}
        {part}
      </Fragment>
    ))}
  </span>
)

/** How many containers a shell over the page offers; the shell page has all. */
const maxShells = 20

/** Actions for a workload with pods. */
function Ways({ one, address, mayOpenShell, restart }: { one: PlacedWorkload } & Omit<Props, 'workloads' | 'inUse'>) {
  const { kind, name, pods } = one
  if (pods.length === 0) return null
  const query = logQueryOf(one)
  const logs = chooseLogs([one], query)
  const shell = mayOpenShell ? chooseShell([one], undefined) : null
  return (
    <WorkloadWays
      address={address}
      name={name}
      logs={
        logs && {
          title: logTitle(logs),
          sources: logs.sources,
          left: logs.left,
          ended: logs.ended,
          previous: query.previous === 'true',
          query,
        }
      }
      shell={shell && { ...shell, options: shell.options.slice(0, maxShells) }}
      restart={
        restart && canRestart(kind)
          ? { address, of: `${kind}/${name}`, action: restart, pods: pods.length, strategy: 'unknown' }
          : null
      }
    />
  )
}
