import Link from 'next/link'
import { type SpaceAddress, spacePath } from '#components/spaces/space-path.ts'
import { Badge, type BadgeTone } from '#components/ui/badge.tsx'
import { type Column, DataTable } from '#components/ui/data-table.tsx'
import type { IconName } from '#components/ui/icon.tsx'
import { RelativeTime } from '#components/ui/relative-time.tsx'
import type { PlacedWorkload, WorkloadStatus } from '#lib/domain/space-inside.ts'
import { problemDetail, problemInWords, problemTone } from './problem-words.ts'

const looks: Readonly<Record<WorkloadStatus, { tone: BadgeTone; icon: IconName; spinning?: boolean }>> = {
  Ready: { tone: 'ok', icon: 'check-circle' },
  Starting: { tone: 'accent', icon: 'progress', spinning: true },
  Running: { tone: 'accent', icon: 'progress', spinning: true },
  Failed: { tone: 'bad', icon: 'alert-circle' },
  Complete: { tone: 'neutral', icon: 'check' },
  'Scaled to zero': { tone: 'neutral', icon: 'moon' },
  Scheduled: { tone: 'neutral', icon: 'clock' },
  Suspended: { tone: 'neutral', icon: 'moon' },
}

const columns: readonly Column<PlacedWorkload>[] = [
  {
    key: 'name',
    header: 'Workload',
    primary: true,
    cell: ({ name, kind, image }) => (
      <>
        <span className="wrap-anywhere block font-medium font-mono">{name}</span>
        <span className="wrap-anywhere text-muted text-xs">
          {kind}
          {image && <span className="font-mono"> · {image}</span>}
        </span>
      </>
    ),
  },
  { key: 'status', header: 'Status', cell: (workload) => <Status {...workload} /> },
  {
    key: 'ready',
    header: 'Ready',
    cell: ({ ready, desired }) => (
      <span className="whitespace-nowrap tabular-nums">
        {ready} of {desired}
      </span>
    ),
  },
  {
    key: 'restarts',
    header: 'Restarts',
    align: 'right',
    cell: ({ pods }) => <span className="tabular-nums">{pods.reduce((sum, { restarts }) => sum + restarts, 0)}</span>,
  },
  { key: 'age', header: 'Created', cell: ({ createdAt }) => <RelativeTime at={createdAt} /> },
]

function Status({ status, problem, warning }: PlacedWorkload) {
  if (problem === null) return <Badge {...looks[status]}>{status}</Badge>
  const detail = problemDetail(problem) || warning?.message
  const tone = problemTone(problem)
  return (
    <div>
      <Badge tone={tone} icon={tone === 'bad' ? 'alert-circle' : 'alert-triangle'}>
        {problemInWords(problem)}
      </Badge>
      {detail && <p className="wrap-anywhere mt-1 line-clamp-2 max-w-prose text-muted text-xs">{detail}</p>}
    </div>
  )
}

type Props = { workloads: readonly PlacedWorkload[]; address: SpaceAddress; mayOpenShell: boolean }

/** What runs in a space, what doesn’t and why: that first. */
export const WorkloadTable = ({ workloads, address, mayOpenShell }: Props) => (
  <DataTable
    caption="Workloads"
    columns={[
      ...columns,
      { key: 'open', header: 'Open', headerHidden: true, cell: (one) => <Ways {...{ one, address, mayOpenShell }} /> },
    ]}
    rows={workloads}
    rowKey={({ kind, name }) => `${kind}/${name}`}
  />
)

/** What can be opened of a workload that has pods. */
function Ways({ one, address, mayOpenShell }: { one: PlacedWorkload } & Omit<Props, 'workloads'>) {
  const running = one.pods.find(({ phase }) => phase === 'Running')
  if (one.pods.length === 0) return null
  return (
    <span className="flex gap-3">
      <Link href={spacePath(address, 'logs', { of: `${one.kind}/${one.name}` })} prefetch={false} className="text-link">
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
