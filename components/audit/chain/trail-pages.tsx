import type { ReactNode } from 'react'
import { Pagination } from '#components/ui/list/pagination.tsx'
import { AbsoluteTime } from '#components/ui/time/absolute-time.tsx'

type Props = {
  /** Link to the newest page; null: it is shown. */
  newest: string | null
  older: string | null
  /** How far back the search got; null: it is complete. */
  searchedSince: string | null
  children?: ReactNode
}

/** Links to the other pages of a list of the trail. */
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
