import type { SpaceAddress } from '#components/spaces/space-path.ts'
import { Badge } from '#components/ui/badge.tsx'
import type { FormAction } from '#components/ui/form/action-form.tsx'
import { type Column, DataTable } from '#components/ui/list/data-table.tsx'
import { NoValue } from '#components/ui/no-value.tsx'
import { RelativeTime } from '#components/ui/time/relative-time.tsx'
import type { Revision, Revisions } from '#lib/features/spaces/model/revision.ts'
import type { WorkloadRef } from '#lib/features/spaces/model/workload-view.ts'
import { RollBack } from './roll-back.tsx'

type Props = {
  of: WorkloadRef
  revisions: Revisions
  address: SpaceAddress
  /** Null: not allowed. */
  rollBack: FormAction | null
}

const columns: readonly Column<Revision>[] = [
  {
    key: 'number',
    header: 'Revision',
    primary: true,
    cell: ({ number, current }) => (
      <span className="flex flex-wrap items-center gap-2">
        <span className="font-medium tabular-nums">
          <span className="wide:sr-only">Revision </span>
          {number}
        </span>
        {current && <Badge icon="check">Current</Badge>}
      </span>
    ),
  },
  {
    key: 'images',
    header: 'Images',
    wraps: 'name',
    card: 'plain',
    cell: ({ images }) => (
      <ul className="font-mono text-xs">
        {images.map((image) => (
          <li key={image} className="wrap-anywhere">
            {image}
          </li>
        ))}
      </ul>
    ),
  },
  {
    key: 'cause',
    header: 'Change cause',
    wraps: 'name',
    folds: 'second',
    cell: ({ cause }) => (cause ? <span className="wrap-anywhere line-clamp-3">{cause}</span> : <NoValue />),
  },
  { key: 'age', header: 'Created', folds: 'first', cell: ({ createdAt }) => <RelativeTime at={createdAt} /> },
]

/** The revisions of a workload, the newest first, each with the button that restores it. */
export function RevisionTable({ of, revisions, address, rollBack }: Props) {
  const { items, digest, paused } = revisions
  const action = paused ? null : rollBack
  const acts: Column<Revision> = {
    key: 'acts',
    header: 'Roll back',
    headerHidden: true,
    align: 'right',
    cell: (revision) => action && !revision.current && <RollBack {...{ address, of, action, revision, digest }} />,
  }
  return (
    <DataTable
      caption={`Revisions of ${of.name}`}
      narrow
      columns={action ? [...columns, acts] : columns}
      rows={items}
      rowKey={({ name }) => name}
    />
  )
}
