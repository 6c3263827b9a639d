import Link from 'next/link'
import type { Column } from '#components/ui/list/data-table.tsx'
import type { StoryKind } from '#lib/features/audit/model/story-view.ts'
import { storyPath } from './story-path.ts'

/**
 * A column that links each row to its story.
 * @param nameOf the row's name, for screen readers
 */
export const storyColumn = <R,>(of: StoryKind, nameOf: (row: R) => string, keyOf: (row: R) => string): Column<R> => ({
  key: 'story',
  header: 'Story',
  headerHidden: true,
  align: 'right',
  cell: (row) => (
    <Link href={storyPath(of, keyOf(row))} prefetch={false} className="text-muted hover:text-ink hover:underline">
      Story<span className="sr-only"> of {nameOf(row)}</span>
    </Link>
  ),
})
