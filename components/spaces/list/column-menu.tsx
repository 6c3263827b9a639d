import { keepInBrowser } from '#components/ui/keep-in-browser.ts'
import { Menu, MenuCheck } from '#components/ui/menu.tsx'
import {
  columnsCookie,
  type SpaceColumn,
  spaceColumns,
  writeColumns,
} from '#lib/features/spaces/model/space-columns.ts'

type Props = {
  columns: readonly SpaceColumn[]
  setColumns: (columns: readonly SpaceColumn[]) => void
  /** The columns of this person’s list. */
  offered: readonly SpaceColumn[]
}

/** The columns’ headers. */
export const columnLabels: Readonly<Record<SpaceColumn, string>> = {
  status: 'Status',
  role: 'Role',
  size: 'Size',
  usage: 'Usage',
  owner: 'Owner',
  cluster: 'Cluster',
  created: 'Created',
  ends: 'Ends',
  used: 'Last used',
}

/** Chooses the list's columns, in this browser. */
export const ColumnMenu = ({ columns, setColumns, offered }: Props) => (
  <Menu label="Columns">
    {offered.map((column) => (
      <MenuCheck
        key={column}
        label={columnLabels[column]}
        checked={columns.includes(column)}
        onChange={(on) => {
          const after = spaceColumns.filter((each) => (each === column ? on : columns.includes(each)))
          setColumns(after)
          void keepInBrowser(columnsCookie, writeColumns(after))
        }}
      />
    ))}
    <p className="max-w-40 px-2.5 py-1.5 text-muted text-xs">A narrow window hides some of them.</p>
  </Menu>
)
