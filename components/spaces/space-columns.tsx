import type { ReactNode } from 'react'

type Props = { main: ReactNode; aside: ReactNode; below?: ReactNode }

/** The overview’s columns, stacked on a narrow screen: main, aside, below. */
export const SpaceColumns = ({ main, aside, below }: Props) => (
  <div className="grid gap-8 lg:grid-cols-[minmax(0,1fr)_20rem] lg:grid-rows-[auto_1fr]">
    <div className="min-w-0">{main}</div>
    <div className="min-w-0 space-y-8 lg:col-start-2 lg:row-span-2 lg:row-start-1">{aside}</div>
    {below && <div className="min-w-0">{below}</div>}
  </div>
)
