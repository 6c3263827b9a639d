import type { ReactNode } from 'react'
import { Pagination } from '#components/ui/list/pagination.tsx'
import { AbsoluteTime } from '#components/ui/time/absolute-time.tsx'

type Props = {
  /** Of the newest page; null: it is shown. */
  newest: string | null
  older: string | null
  /** The time back to which was searched; null: nothing was left out. */
  searchedSince: string | null
  children?: ReactNode
}

/** Links to the rest of a list of the trail. */
export const TrailPages = ({ newest, older, searchedSince, children }: Props) => (
  <Pagination
    previous={newest}
    previousLabel="Newest"
    next={older}
    nextLabel={searchedSince === null ? 'Older' : 'Search further back'}
  >
    {searchedSince !== null && (
      <>
        Searched back to <AbsoluteTime at={searchedSince} />
      </>
    )}
    {children}
  </Pagination>
)
