'use client'

import { RoleSpan } from '#components/spaces/role-span.tsx'
import { SpaceCondition } from '#components/spaces/space-condition.tsx'
import { addressOf, spacePath } from '#components/spaces/space-path.ts'
import { standingLabel } from '#components/spaces/standing-label.ts'
import { Badge } from '#components/ui/badge.tsx'
import { CombMeter } from '#components/ui/comb-meter.tsx'
import { SelectBox, selectColumn } from '#components/ui/form/select-box.tsx'
import { type Column, DataTable } from '#components/ui/list/data-table.tsx'
import { NoValue } from '#components/ui/no-value.tsx'
import { AbsoluteTime } from '#components/ui/time/absolute-time.tsx'
import { EndingChip } from '#components/ui/time/ending-chip.tsx'
import { RelativeTime } from '#components/ui/time/relative-time.tsx'
import { dayInWords } from '#components/ui/time/time-in-words.ts'
import { useSoftLinks } from '#components/ui/use-soft-links.ts'
import type { SpaceColumn } from '#lib/features/spaces/model/space-columns.ts'
import { endingOf } from '#lib/kernel/model/spaces/ending.ts'
import { objectName } from '#lib/kernel/model/spaces/space-object.ts'
import type { SpaceQuery, SpaceSort } from '#lib/kernel/model/spaces/space-query.ts'
import { isSelectable } from './bulk.tsx'
import { columnLabels } from './column-menu.tsx'
import type { SpaceListRow } from './space-list-data.ts'
import { spaceListPath } from './space-search.ts'

/** Beside the name of a space declared by an object on the cluster. */
const GitMark = ({ object }: { object: string }) => (
  <span title={`Managed in Git, by ${object}`}>
    <Badge>
      <span aria-hidden="true">Git</span>
      <span className="sr-only">Managed in Git</span>
    </Badge>
  </span>
)

/** Takes what room the others leave, so that a status is beside its name. */
const descriptionColumn: Column<SpaceListRow> = {
  key: 'description',
  header: 'Description',
  folds: 'first',
  card: 'hidden',
  className: 'wide:w-full wide:max-w-0',
  cell: ({ description }) =>
    description && (
      <span title={description} className="block truncate text-muted">
        {description}
      </span>
    ),
}

const hasRole = ({ standing, later }: SpaceListRow): boolean => standing !== null || later !== null

type Props = {
  rows: readonly SpaceListRow[]
  readAt: string
  query: SpaceQuery
  defaultCluster: string
  defaultSort: SpaceSort
  /** Beside the name. */
  shown: readonly SpaceColumn[]
  /** For people with bulk actions; null for everyone else. */
  selection: { selected: ReadonlySet<string>; setSelected: (selected: ReadonlySet<string>) => void } | null
}

/**
 * The spaces a person may see. A client component, so that the page contains its rows once as data and once as markup
 * instead of twice as markup: half the bytes and half the work.
 */
export function SpaceTable({ rows, readAt, query, defaultCluster, defaultSort, shown, selection }: Props) {
  const now = new Date(readAt)
  const followLink = useSoftLinks()
  const sortBy = (sort: SpaceSort) => {
    const sorted = (query.sort ?? defaultSort) === sort
    return {
      href: spaceListPath({ ...query, page: 1, sort, descending: sorted && !query.descending }),
      sorted: sorted ? (query.descending ? ('descending' as const) : ('ascending' as const)) : null,
    }
  }
  const fixed: readonly Column<SpaceListRow>[] = [
    ...(selection
      ? [
          {
            ...selectColumn,
            cell: (row: SpaceListRow) => isSelectable(row) && <SelectBox id={row.id} name={row.name} {...selection} />,
          },
        ]
      : []),
    {
      key: 'name',
      header: 'Name',
      primary: true,
      sort: sortBy('name'),
      cell: ({ name, cluster, declaredNamespace }) => {
        const address = addressOf({ name, cluster }, defaultCluster)
        return (
          <span className="flex wide:w-max wide:max-w-56 wide:@min-[66rem]:max-w-64 wide:@min-[76rem]:max-w-80 flex-wrap items-center gap-x-2">
            <a
              href={spacePath(address)}
              className="row-link wrap-anywhere inline-flex min-h-6 items-center font-medium font-mono hover:text-accent hover:underline"
            >
              {name}
            </a>
            {address.cluster && !shown.includes('cluster') && <Badge>{address.cluster}</Badge>}
            {declaredNamespace !== null && <GitMark object={objectName({ namespace: declaredNamespace, name })} />}
          </span>
        )
      },
    },
  ]
  const choosable: Record<SpaceColumn, Omit<Column<SpaceListRow>, 'key' | 'header'>> = {
    status: { card: 'corner', sort: sortBy('attention'), cell: (row) => <SpaceCondition {...row} /> },
    role: {
      card: 'plain',
      // A platform admin sees spaces without a role in any.
      isFilled: hasRole,
      cell: (row) =>
        hasRole(row) ? (
          <span className="inline-flex items-center gap-2">
            {row.standing && standingLabel(row.standing)}
            <RoleSpan
              address={addressOf(row, defaultCluster)}
              standing={row.standing}
              endsAt={row.standingEndsAt}
              later={row.later}
              now={now}
            />
          </span>
        ) : (
          <NoValue />
        ),
    },
    size: { folds: 'second', card: 'hidden', cell: ({ size }) => size },
    usage: { folds: 'second', card: 'plain', cell: (row) => <Usage row={row} /> },
    owner: {
      folds: 'second',
      card: 'hidden',
      cell: ({ owner }) => (
        <a
          href={spaceListPath({ ...query, page: 1, owner: owner.handle })}
          title={`Spaces of ${owner.name}`}
          className="inline-block min-h-6 max-w-36 truncate align-middle leading-6 hover:underline"
        >
          {owner.name}
        </a>
      ),
    },
    cluster: { folds: 'first', card: 'hidden', cell: ({ cluster }) => cluster },
    created: {
      sort: sortBy('created'),
      folds: 'first',
      card: 'hidden',
      cell: ({ createdAt }) => <RelativeTime at={createdAt} />,
    },
    ends: {
      card: 'plain',
      sort: sortBy('ends'),
      cell: ({ status, endsAt }) => <End at={endsAt} now={now} going={status === 'deleting'} />,
    },
    used: {
      folds: 'first',
      card: 'hidden',
      cell: ({ lastUsedAt }) =>
        lastUsedAt ? <RelativeTime at={lastUsedAt} /> : <span className="text-muted">Never</span>,
    },
  }
  const chosen = (keys: readonly SpaceColumn[]) =>
    keys.map((key) => ({ key, header: columnLabels[key], ...choosable[key] }))
  const columns = [
    ...fixed,
    ...chosen(shown.filter((key) => key === 'status')),
    descriptionColumn,
    ...chosen(shown.filter((key) => key !== 'status')),
  ]
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the links inside are what is pressed
    // biome-ignore lint/a11y/useKeyWithClickEvents: pressing Enter on a link is a click too
    <div onClick={followLink}>
      <DataTable caption="Spaces" columns={columns} rows={rows} rowKey={({ id }) => id} narrow />
    </div>
  )
}

function End({ at, now, going }: { at: string | null; now: Date; going: boolean }) {
  if (at === null) return <span className="no-value">No end</span>
  const endsAt = new Date(at)
  if (going || !endingOf({ kind: 'space', endsAt }, now)) return <AbsoluteTime at={at} to="day" />
  return <EndingChip at={at}>{dayInWords(endsAt, now)}</EndingChip>
}

function Usage({ row }: { row: SpaceListRow }) {
  const { fullest } = row
  if (!fullest) return <NoValue />
  const text = `${fullest.label}: ${fullest.text}`
  return (
    <span className="inline-flex items-center gap-2" title={text}>
      <CombMeter size="tiny" label={`Usage of ${row.name}`} ratio={fullest.ratio} text={text} />
      <span aria-hidden="true" className="whitespace-nowrap text-muted text-xs tabular-nums">
        {fullest.ratio === 0 ? 'Empty' : `${Math.round(fullest.ratio * 100)}% ${fullest.label}`}
      </span>
    </span>
  )
}
