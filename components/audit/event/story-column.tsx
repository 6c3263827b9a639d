import Link from 'next/link'
import { buttonClass } from '#components/ui/button-class.ts'
import type { Column } from '#components/ui/list/data-table.tsx'
import { storyPath } from './story-path.ts'

/**
 * A column that links each credential to its history.
 * @param nameOf the row's name, for screen readers
 */
export const storyColumn = <R extends { id: string }>(nameOf: (row: R) => string): Column<R> => ({
  key: 'story',
  header: 'History',
  headerHidden: true,
  align: 'right',
  cell: (row) => (
    <Link href={storyPath('credentials', row.id)} prefetch={false} className={buttonClass('quiet', 'sm')}>
      History<span className="sr-only"> of {nameOf(row)}</span>
    </Link>
  ),
})
