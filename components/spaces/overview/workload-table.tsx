import Link from 'next/link'
import { Fragment } from 'react'
import { InUse } from '#components/spaces/in-use.tsx'
import { logQueryOf } from '#components/spaces/log-query.ts'
import { saysRestarts } from '#components/spaces/problem-words.ts'
import { type SpaceAddress, spacePath } from '#components/spaces/space-path.ts'
import { WorkloadStatus } from '#components/spaces/workload-status.tsx'
import { type Column, DataTable } from '#components/ui/data-table.tsx'
import { RelativeTime } from '#components/ui/relative-time.tsx'
import { RowLink } from '#components/ui/row-link.tsx'
import { inNumber } from '#lib/domain/in-number.ts'
import type { PlacedWorkload, SpaceInside } from '#lib/domain/space-inside.ts'
import { inUseText } from '#lib/domain/use-in-words.ts'

const columns: readonly Column<PlacedWorkload>[] = [
  { key: 'status', header: 'Status', cell: (workload) => <WorkloadStatus {...workload} /> },
  {
    key: 'ready',
    header: 'Ready',
    cell: ({ ready, desired, pods, problem }) => (
      <Ready {...{ ready, desired }} restarts={problem && saysRestarts(problem) ? 0 : restartsOf(pods)} />
    ),
  },
  { key: 'age', header: 'Created', cell: ({ createdAt }) => <RelativeTime at={createdAt} /> },
]

type Props = {
  workloads: readonly PlacedWorkload[]
  inUse: SpaceInside['inUse']
  address: SpaceAddress
  mayOpenShell: boolean
}

/** What runs in a space, what doesn’t and why: that first. */
export const WorkloadTable = ({ workloads, inUse, address, mayOpenShell }: Props) => (
  <DataTable
    caption="Workloads"
    columns={[
      {
        key: 'name',
        header: 'Workload',
        primary: true,
        className: 'lg:w-2/5',
        cell: (one) => <Name {...{ one, inUse, address }} />,
      },
      ...columns,
      { key: 'open', header: 'Open', headerHidden: true, cell: (one) => <Ways {...{ one, address, mayOpenShell }} /> },
    ]}
    rows={workloads}
    rowKey={({ kind, name }) => `${kind}/${name}`}
  />
)

const Name = ({ one, inUse, address }: { one: PlacedWorkload } & Pick<Props, 'inUse' | 'address'>) => (
  <>
    <RowLink href={spacePath(address, 'workload', { of: `${one.kind}/${one.name}` })} className="block font-medium font-mono">
      {one.name}
    </RowLink>
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

const Ready = ({ ready, desired, restarts }: { ready: number; desired: number; restarts: number }) => (
  <span className="whitespace-nowrap tabular-nums">
    {ready} of {desired}
    {restarts > 0 && <span className="block text-muted text-xs">{inNumber(restarts, 'restart')}</span>}
  </span>
)

/** An image, which wraps where its parts begin. */
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

/** What can be opened of a workload that has pods. */
function Ways({ one, address, mayOpenShell }: { one: PlacedWorkload } & Omit<Props, 'workloads' | 'inUse'>) {
  const running = one.pods.find(({ phase }) => phase === 'Running')
  if (one.pods.length === 0) return null
  return (
    <span className="flex gap-3">
      <Link href={spacePath(address, 'logs', logQueryOf(one))} prefetch={false} className="text-link">
        Logs<span className="sr-only"> of {one.name}</span>
      </Link>
      {mayOpenShell && running && (
        <Link href={spacePath(address, 'shell', { of: running.name })} prefetch={false} className="text-link">
          Shell<span className="sr-only"> in {one.name}</span>
        </Link>
      )}
    </span>
  )
}
