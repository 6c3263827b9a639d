'use client'

import Link from 'next/link'
import { useState } from 'react'
import { credentialLabel } from '#components/credentials/credential-label.ts'
import type { KeptFilters } from '#components/filters/saved-filters.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import type { FormAction } from '#components/ui/form/action-form.tsx'
import { SelectBox, selectColumn } from '#components/ui/form/select-box.tsx'
import { LinkButton } from '#components/ui/link-button.tsx'
import { DataTable } from '#components/ui/list/data-table.tsx'
import { Pagination } from '#components/ui/list/pagination.tsx'
import { RowList } from '#components/ui/list/row-list.tsx'
import { type InitialRows, useRows } from '#components/ui/list/use-rows.ts'
import { credentialColumns } from './credential-columns.tsx'
import { CredentialFilters } from './credential-filters.tsx'
import { type CredentialListData, type CredentialListRow, credentialsPath, setFields } from './credential-list-data.ts'
import { personPath } from './people-list-data.ts'
import { RevokeMany } from './revoke-many.tsx'

type Props = {
  given: InitialRows<CredentialListData>
  defaultCluster: string
  /** The person’s saved view; null for an account that can’t save any. */
  kept: KeptFilters | null
  /** Null for viewers who may not revoke. */
  revoke: FormAction | null
}

/** Everyone’s credentials with filters and pages, and ways to revoke many. */
export function AllCredentials({ given, defaultCluster, kept, revoke }: Props) {
  const { data, ...state } = useRows('/api/rows/credentials', given)
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set())
  const { query, rows, total, next } = data
  const { after: _, ...filters } = query
  const chosen = rows.map(({ id }) => id).filter((id) => selected.has(id))
  const columns = columnsFor(defaultCluster, revoke === null ? null : { selected, setSelected })
  return (
    <RowList
      rows={state}
      summary={rows.length === 0 ? 'No matching credentials' : `${rows.length} credentials, newest first`}
      before={
        <CredentialFilters
          query={query}
          kept={kept}
          aside={
            revoke &&
            rows.length > 0 && (
              <RevokeMany
                action={revoke}
                chosen={chosen}
                selectAll={{
                  count: rows.length,
                  toggle: (on) => setSelected(new Set(on ? rows.map(({ id }) => id) : [])),
                }}
                filters={setFields(filters)}
                total={total}
              />
            )
          }
        />
      }
    >
      {rows.length === 0 ? (
        <EmptyState
          icon="key"
          title="No matching credentials"
          action={<LinkButton href="/admin/credentials">Show all</LinkButton>}
        >
          No active credentials match this filter.
        </EmptyState>
      ) : (
        <DataTable caption="All credentials" columns={columns} rows={rows} rowKey={({ id }) => id} facts />
      )}
      <Pagination
        previous={query.after === undefined ? null : credentialsPath(filters)}
        previousLabel="Newest"
        next={next === null ? null : credentialsPath({ ...filters, after: next })}
        nextLabel="Older"
      />
    </RowList>
  )
}

type Selection = { selected: ReadonlySet<string>; setSelected: (selected: ReadonlySet<string>) => void }

const columnsFor = (defaultCluster: string, selection: Selection | null) => [
  ...(selection
    ? [
        {
          ...selectColumn,
          cell: (row: CredentialListRow) => (
            <SelectBox
              id={row.id}
              name={`the kubeconfig of ${row.person.name} ${credentialLabel(row, 'all their spaces')}`}
              {...selection}
            />
          ),
        },
      ]
    : []),
  {
    key: 'person',
    header: 'Person',
    wraps: 'name' as const,
    cell: ({ person }: CredentialListRow) => (
      <>
        <Link href={personPath(person.handle)} prefetch={false} className="wrap-anywhere font-medium hover:underline">
          {person.name}
        </Link>
        <span className="wrap-anywhere block font-mono text-muted text-xs">{person.handle}</span>
      </>
    ),
  },
  ...credentialColumns(defaultCluster),
]
