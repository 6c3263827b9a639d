'use client'

import { useEffect, useState } from 'react'
import type { KeptFilters } from '#components/filters/saved-filters.tsx'
import { noteList } from '#components/spaces/last-list.ts'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { LinkButton } from '#components/ui/link-button.tsx'
import { Pagination } from '#components/ui/list/pagination.tsx'
import { RowList } from '#components/ui/list/row-list.tsx'
import { type InitialRows, useRows } from '#components/ui/list/use-rows.ts'
import { type SpaceColumn, spaceColumns } from '#lib/features/spaces/model/space-columns.ts'
import { defaultSortOf } from '#lib/kernel/model/spaces/default-sort.ts'
import { isFiltered } from '#lib/kernel/model/spaces/is-filtered.ts'
import { Bulk, type BulkActs } from './bulk.tsx'
import { ColumnMenu } from './column-menu.tsx'
import { NoSpacesYet } from './no-spaces-yet.tsx'
import type { FilterSearches } from './owner-and-group.tsx'
import { hasMore, rangeInWords, type SpaceListData } from './space-list-data.ts'
import { SpaceListFilters } from './space-list-filters.tsx'
import { spaceListPath } from './space-search.ts'
import { SpaceTable } from './space-table.tsx'

type Props = {
  given: InitialRows<SpaceListData>
  clusters: { names: readonly string[]; defaultName: string }
  /** The person's saved searches; null for an account that can't save any. */
  kept: KeptFilters | null
  /** The columns chosen in this browser. */
  columns: readonly SpaceColumn[]
  /** For platform admins; null for everyone else. */
  admin: (BulkActs & { searches: FilterSearches }) | null
}

/** The list of spaces with its search, order and pages. */
export function SpaceList({ given, clusters, kept, admin, ...chosen }: Props) {
  const { data, ...rows } = useRows('/api/rows/spaces', given)
  const { query, page } = data
  const defaultSort = defaultSortOf(admin !== null)
  const [columns, setColumns] = useState(chosen.columns)
  const offered = spaceColumns.filter(
    (column) => (column !== 'used' || admin) && (column !== 'cluster' || clusters.names.length > 1),
  )
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set())
  useEffect(() => noteList(spaceListPath(query)), [query])
  const none = data.rows.length === 0
  if (none && !isFiltered(query) && page === 1 && !rows.busy && !rows.failure) return <NoSpacesYet />
  return (
    <RowList
      rows={rows}
      summary={none ? 'Nothing found' : `Spaces ${rangeInWords(data)}`}
      before={
        <SpaceListFilters
          query={query}
          ownerName={data.ownerName}
          counts={data}
          defaultSort={defaultSort}
          busy={rows.busy}
          clusters={clusters.names}
          searches={admin?.searches ?? null}
          kept={kept}
          columns={<ColumnMenu columns={columns} setColumns={setColumns} offered={offered} />}
        />
      }
    >
      {admin && (
        <Bulk
          acts={admin}
          people={admin.searches.people}
          rows={data.rows}
          selected={selected}
          setSelected={setSelected}
          defaultCluster={clusters.defaultName}
        />
      )}
      {none ? (
        <EmptyState icon="search" title="Nothing found" action={<LinkButton href="/">Clear filters</LinkButton>}>
          No spaces match your search.
        </EmptyState>
      ) : (
        <>
          <SpaceTable
            rows={data.rows}
            readAt={data.readAt}
            query={query}
            defaultCluster={clusters.defaultName}
            defaultSort={defaultSort}
            shown={columns.filter((column) => offered.includes(column))}
            selection={admin ? { selected, setSelected } : null}
          />
          <Pagination
            previous={page > 1 ? spaceListPath({ ...query, page: page - 1 }) : null}
            next={hasMore(data) ? spaceListPath({ ...query, page: page + 1 }) : null}
          >
            {rangeInWords(data)}
          </Pagination>
        </>
      )}
    </RowList>
  )
}
