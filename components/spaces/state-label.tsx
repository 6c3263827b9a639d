import type { ReactNode } from 'react'
import { classNames } from '#components/ui/class-names.ts'
import { type State, stateDrawings } from './state-drawings.ts'
import { StateGlyph } from './state-glyph.tsx'

type Props = {
  state: State
  /** Only for the one state of a space's own page, where changes are announced. */
  role?: 'status'
  children: ReactNode
}

/** The state of a space or a workload: its glyph and a few words. */
export const StateLabel = ({ state, role, children }: Props) => (
  <span role={role} className={classNames('state-label', state === 'ready' ? 'text-muted' : stateDrawings[state].ink)}>
    <StateGlyph state={state} />
    {children}
  </span>
)
