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
  /**
   * Whether cells may wrap: `text` at 240 px or more, the `name` of something else at 160. The row's own name wraps at
   * 220; everything else stays on one line.
   */
  wraps?: 'text' | 'name'
  /** Hidden in a narrow table: `first` below 1,056 px, `second` below 864 px, in `narrow` tables. Cards show it. */
  folds?: 'first' | 'second'
  /**
   * On cards: `corner` is in the name's line; `plain` has no header before it, because its value says what it is;
   * `hidden` is only on the row's page.
   */
  card?: 'corner' | 'plain' | 'hidden'
  /** Whether a row has a value here. The column is left out if no row has. */
  isFilled?: (row: Row) => boolean
  /** A header only for screen readers, as above buttons. */
  headerHidden?: boolean
  /** Makes the header a link. `sorted` is the current order by this column. */
  sort?: { href: string; sorted: 'ascending' | 'descending' | null }
  /** For header and cells. */
  className?: string
}

type Props<Row> = {
  caption: string
  columns: readonly Column<Row>[]
  rows: readonly Row[]
  rowKey: (row: Row) => string
  /** Fits 720 px once its columns are folded. */
  narrow?: boolean
  /** On cards, each cell with a header is a line of its own, with the headers in a column: for values of several parts. */
  facts?: boolean
}

/**
 * Rows as a table, or as two-line cards where the table has less than 864 px, or 720 if it is `narrow`. Cells are styled
 * in globals.css, because class names would make up most of the page.
 */
export function DataTable<Row>({ caption, columns, rows, rowKey, narrow = false, facts = false }: Props<Row>) {
  const shown = columns.filter(({ isFilled }) => !isFilled || rows.some(isFilled))
  return (
    <div className={narrow ? '@container/narrow-rows' : '@container/rows'}>
      <div className="wide:overflow-x-auto wide:rounded-lg wide:border wide:bg-surface">
        <table role="table" className={classNames('card:block w-full border-collapse text-sm', facts && 'card-facts')}>
          <caption className="sr-only">{caption}</caption>
          <thead role="rowgroup" className="card:hidden">
            <tr role="row" className="border-b text-left text-muted text-xs">
              {shown.map((column) => (
                <HeaderCell key={column.key} column={column} />
              ))}
            </tr>
          </thead>
          <tbody role="rowgroup" className="card:block card:space-y-1.5">
            {rows.map((row) => (
              <tr key={rowKey(row)} role="row" className="data-row">
                {shown.map((column) => (
                  <BodyCell key={column.key} column={column} row={row} />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  )
}

const wrapClasses = { text: 'wraps-text', name: 'wraps-name' } as const
const foldClasses = { first: 'folds-first', second: 'folds-second' } as const

function HeaderCell<Row>({ column }: { column: Column<Row> }) {
  const { header, align, headerHidden, folds, sort, className } = column
  return (
    <th
      role="columnheader"
      scope="col"
      aria-sort={sort ? (sort.sorted ?? 'none') : undefined}
      className={classNames('data-header', align === 'right' && 'text-right', folds && foldClasses[folds], className)}
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
  const { header, align, primary, headerHidden, wraps, folds, card, className } = column
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
      data-label={headerHidden || card ? undefined : header}
      className={classNames(
        'data-cell',
        wraps && wrapClasses[wraps],
        align === 'right' && 'wide:text-right',
        headerHidden && card !== 'corner' && 'data-acts',
        folds && foldClasses[folds],
        card === 'corner' && 'data-corner',
        card === 'hidden' && 'card:hidden',
        className,
      )}
    >
      <div>{column.cell(row)}</div>
    </td>
  )
}
