import type { ReactNode } from 'react'
import { classNames } from '#components/ui/class-names.ts'
import { type SpaceState as State, spaceDrawings } from './space-drawings.ts'
import { SpaceGlyph } from './space-glyph.tsx'

type Props = {
  state: State
  /** Only for the one state of a space's own page, where changes are announced. */
  role?: 'status'
  children: ReactNode
}

/** The state of a space: its glyph and a few words. */
export const SpaceState = ({ state, role, children }: Props) => (
  <span role={role} className={classNames('space-state', state === 'ready' ? 'text-muted' : spaceDrawings[state].ink)}>
    <SpaceGlyph state={state} />
    {children}
  </span>
)
