import Link from 'next/link'
import { InUse } from '#components/spaces/in-use.tsx'
import { podLogQuery } from '#components/spaces/log-query.ts'
import { MoreRows, rowsShown } from '#components/spaces/more-rows.tsx'
import { type SpaceAddress, spacePath } from '#components/spaces/space-path.ts'
import { WorkloadStatus } from '#components/spaces/workload-status.tsx'
import { buttonClass } from '#components/ui/button-class.ts'
import type { FormAction } from '#components/ui/form/action-form.tsx'
import { type Column, DataTable } from '#components/ui/list/data-table.tsx'
import { RelativeTime } from '#components/ui/time/relative-time.tsx'
import { inUseText } from '#lib/features/spaces/model/use-in-words.ts'
import type { PlacedWorkload, Pod, SpaceInside } from '#lib/kernel/model/spaces/space-inside.ts'
import { DeletePod } from './workload-acts.tsx'

type Props = {
  workload: PlacedWorkload
  inUse: SpaceInside['inUse']
  address: SpaceAddress
  mayOpenShell: boolean
  /** Whether to show all. */
  all: boolean
  /** Null: not allowed. */
  deletePod: FormAction | null
}

const columns: readonly Column<Pod>[] = [
  { key: 'status', header: 'Status', wraps: 'text', card: 'plain', cell: (pod) => <PodStatus {...pod} /> },
  {
    key: 'restarts',
    header: 'Restarts',
    align: 'right',
    cell: ({ restarts }) => <span className="tabular-nums">{restarts}</span>,
  },
  {
    key: 'age',
    header: 'Created',
    folds: 'first',
    cell: ({ createdAt }) => <RelativeTime at={createdAt} />,
  },
]

const Name = ({ pod, inUse }: { pod: Pod; inUse: Props['inUse'] }) => (
  <>
    <span className="wrap-anywhere block font-medium font-mono">{pod.name}</span>
    <span className="wrap-anywhere block text-muted text-xs">{pod.node ? `on ${pod.node}` : 'on no node yet'}</span>
    <InUse pods={[pod]} measured={inUse}>
      {(use) => <span className="block text-muted text-xs tabular-nums">{inUseText(use)} in use</span>}
    </InUse>
  </>
)

function PodStatus({ problem, ready, phase }: Pod) {
  if (problem) return <WorkloadStatus status="Failed" problem={problem} warning={null} />
  if (phase === 'Succeeded') return <WorkloadStatus status="Complete" problem={null} warning={null} />
  return <WorkloadStatus status={ready ? 'Ready' : 'Starting'} problem={null} warning={null} />
}

/** The pods of a workload, those with a problem first, each with its actions. */
export function PodTable({ workload, inUse, address, mayOpenShell, all, deletePod }: Props) {
  const pods = workload.pods.toSorted((a, b) => Number(b.problem !== null) - Number(a.problem !== null))
  const acts = (pod: Pod) => {
    const { name, uid, phase, owner } = pod
    return (
      <span className="row-acts">
        <Link
          href={spacePath(address, 'logs', podLogQuery(pod))}
          prefetch={false}
          className={buttonClass('quiet', 'sm')}
        >
          Logs<span className="sr-only"> of {name}</span>
        </Link>
        {mayOpenShell && phase === 'Running' && (
          <Link
            href={spacePath(address, 'shell', { of: name })}
            prefetch={false}
            className={buttonClass('quiet', 'sm')}
          >
            Shell<span className="sr-only"> in {name}</span>
          </Link>
        )}
        {deletePod && (
          <DeletePod
            address={address}
            name={name}
            uid={uid}
            action={deletePod}
            maker={owner && phase !== 'Succeeded' ? makerInWords(workload, owner) : null}
          />
        )}
      </span>
    )
  }
  return (
    <>
      <DataTable
        caption={`Pods of ${workload.name}`}
        columns={[
          { key: 'name', header: 'Pod', primary: true, cell: (pod) => <Name {...{ pod, inUse }} /> },
          ...columns,
          { key: 'acts', header: 'Open', headerHidden: true, align: 'right', cell: acts },
        ]}
        rows={rowsShown(pods, all)}
        rowKey={({ uid }) => uid}
      />
      <MoreRows
        {...{ what: 'pods', count: pods.length, all }}
        href={spacePath(address, 'workload', { of: `${workload.kind}/${workload.name}`, rows: 'all' })}
      />
    </>
  )
}

const makerInWords = ({ kind, name }: PlacedWorkload, owner: NonNullable<Pod['owner']>): string =>
  kind === 'Pod' ? `${owner.kind} ${owner.name}` : `${kind} ${name}`
