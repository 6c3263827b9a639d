import { Badge, type BadgeTone } from '#components/ui/badge.tsx'
import { type Column, DataTable } from '#components/ui/data-table.tsx'
import type { IconName } from '#components/ui/icon.tsx'
import { RelativeTime } from '#components/ui/relative-time.tsx'
import type { Workload, WorkloadStatus } from '#lib/domain/space-inside.ts'

const looks: Readonly<Record<WorkloadStatus, { tone: BadgeTone; icon: IconName; spinning?: boolean }>> = {
  Ready: { tone: 'ok', icon: 'check-circle' },
  Starting: { tone: 'accent', icon: 'progress', spinning: true },
  Failed: { tone: 'bad', icon: 'alert-circle' },
  Complete: { tone: 'neutral', icon: 'check' },
  'Scaled to zero': { tone: 'neutral', icon: 'moon' },
}

const columns: readonly Column<Workload>[] = [
  {
    key: 'name',
    header: 'Workload',
    primary: true,
    cell: ({ name, kind }) => (
      <>
        <span className="wrap-anywhere block font-medium font-mono">{name}</span>
        <span className="text-muted text-xs">{kind}</span>
      </>
    ),
  },
  {
    key: 'status',
    header: 'Status',
    cell: ({ status }) => <Badge {...looks[status]}>{status}</Badge>,
  },
  {
    key: 'ready',
    header: 'Ready',
    cell: ({ ready, desired }) => (
      <span className="tabular-nums">
        {ready} of {desired}
      </span>
    ),
  },
  {
    key: 'image',
    header: 'Image',
    cell: ({ image }) => <span className="wrap-anywhere font-mono text-muted text-xs">{image || '—'}</span>,
  },
  { key: 'age', header: 'Created', cell: ({ createdAt }) => <RelativeTime at={createdAt} /> },
]

/** What runs in a space, with its readiness. */
export const WorkloadTable = ({ workloads }: { workloads: readonly Workload[] }) => (
  <DataTable caption="Workloads" columns={columns} rows={workloads} rowKey={({ kind, name }) => `${kind}/${name}`} />
)
