'use client'

// A client component for the reason given in icon.tsx.

import { classNames } from '#components/ui/class-names.ts'
import { hexagon, type State, stateDrawings } from './state-drawings.ts'

/** The state of a space or a workload as a hexagon, next to a word. Screen readers skip it. */
export function StateGlyph({ state, className }: { state: State; className?: string }) {
  const { ink, sides, isFilled, isRunning, inside } = stateDrawings[state]
  return (
    <svg viewBox="0 0 20 20" aria-hidden="true" className={classNames('state-glyph', ink, className)}>
      {isRunning && <path d={hexagon} className="opacity-25" />}
      <path
        d={hexagon}
        pathLength={6}
        strokeDasharray={sides}
        className={classNames(isFilled && 'fill-current', isRunning && 'state-glyph-runs')}
      />
      {inside && (
        <path
          d={inside.d}
          className={isFilled ? 'state-glyph-inverse' : inside.isSolid ? 'state-glyph-solid' : undefined}
        />
      )}
    </svg>
  )
}
