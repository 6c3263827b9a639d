import type { ReactNode } from 'react'

type Props = { main: ReactNode; aside: ReactNode; below?: ReactNode }

/** The overview’s columns, stacked where there is little room: main, aside, below. */
export const SpaceColumns = ({ main, aside, below }: Props) => (
  <div className="@container">
    <div className="grid gap-8 @4xl:grid-cols-[minmax(0,1fr)_20rem] @4xl:grid-rows-[auto_1fr]">
      <div className="min-w-0">{main}</div>
      <div className="min-w-0 space-y-8 @4xl:col-start-2 @4xl:row-span-2 @4xl:row-start-1">{aside}</div>
      {below && <div className="min-w-0">{below}</div>}
    </div>
  </div>
)
