// biome-ignore-all lint/a11y/noRedundantRoles: browsers drop a table's roles once CSS changes its parts' display
import Link from 'next/link'
import type { ReactNode } from 'react'
import { classNames } from '#components/ui/class-names.ts'
import { Icon } from '#components/ui/icon.tsx'

export type Column<Row> = {
  key: string
  header: string
  cell: (row: Row) => ReactNode
  /** The row's name: its heading on a card, its row header in the table. */
  primary?: boolean
  align?: 'right'
  /** A header only for screen readers, as above buttons. */
  headerHidden?: boolean
  /** Makes the header a link. `sorted` is the current order by this column. */
  sort?: { href: string; sorted: 'ascending' | 'descending' | null }
  /** For header and cells, e.g. to hide a column on narrow screens. */
  className?: string
}

type Props<Row> = {
  caption: string
  columns: readonly Column<Row>[]
  rows: readonly Row[]
  rowKey: (row: Row) => string
}

/**
 * Rows as a table, or as two-line cards on narrow screens. Cells are styled in globals.css, because class names would
 * make up most of the page.
 */
export function DataTable<Row>({ caption, columns, rows, rowKey }: Props<Row>) {
  return (
    <div className="lg:overflow-x-auto lg:rounded-lg lg:border lg:bg-surface">
      <table role="table" className="w-full border-collapse text-sm max-lg:block">
        <caption className="sr-only">{caption}</caption>
        <thead role="rowgroup" className="max-lg:hidden">
          <tr role="row" className="border-b bg-sunken text-left text-muted">
            {columns.map((column) => (
              <HeaderCell key={column.key} column={column} />
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup" className="max-lg:block max-lg:space-y-2">
          {rows.map((row) => (
            <tr key={rowKey(row)} role="row" className="data-row">
              {columns.map((column) => (
                <BodyCell key={column.key} column={column} row={row} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function HeaderCell<Row>({ column }: { column: Column<Row> }) {
  const { header, align, headerHidden, sort, className } = column
  return (
    <th
      role="columnheader"
      scope="col"
      aria-sort={sort ? (sort.sorted ?? 'none') : undefined}
      className={classNames('whitespace-nowrap px-4 py-2 font-medium', align === 'right' && 'text-right', className)}
    >
      {sort ? (
        <Link href={sort.href} prefetch={false} className="inline-flex min-h-6 items-center gap-1 hover:text-ink">
          {header}
          {sort.sorted && <Icon name={sort.sorted === 'ascending' ? 'arrow-up' : 'arrow-down'} className="size-3" />}
        </Link>
      ) : (
        <span className={headerHidden ? 'sr-only' : undefined}>{header}</span>
      )}
    </th>
  )
}

function BodyCell<Row>({ column, row }: { column: Column<Row>; row: Row }) {
  const { header, align, primary, headerHidden, className } = column
  if (primary) {
    return (
      <th role="rowheader" scope="row" className={classNames('data-row-header', className)}>
        {column.cell(row)}
      </th>
    )
  }
  return (
    <td
      role="cell"
      data-label={headerHidden ? undefined : header}
      className={classNames(
        'data-cell',
        align === 'right' && 'lg:text-right',
        headerHidden && 'max-lg:ml-auto',
        className,
      )}
    >
      <div>{column.cell(row)}</div>
    </td>
  )
}
