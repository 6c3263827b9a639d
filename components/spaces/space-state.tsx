import type { ReactNode } from 'react'
import { classNames } from '#components/ui/class-names.ts'
import { SpaceGlyph } from './space-glyph.tsx'
import { type SpaceState as State, spaceInks } from './space-inks.ts'

type Props = {
  state: State
  /** Only for the one state of a space's own page, where changes are announced. */
  role?: 'status'
  children: ReactNode
}

/** The state of a space: its glyph and a few words. */
export const SpaceState = ({ state, role, children }: Props) => (
  <span role={role} className={classNames('space-state', state === 'ready' ? 'text-muted' : spaceInks[state])}>
    <SpaceGlyph state={state} />
    {children}
  </span>
)
