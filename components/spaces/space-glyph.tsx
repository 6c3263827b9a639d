'use client'

// A client component for the reason given in icon.tsx.

import { classNames } from '#components/ui/class-names.ts'
import { type SpaceState, spaceDrawings } from './space-drawings.ts'

const hexagon = 'M10 1.75 17.15 5.9v8.2L10 18.25 2.85 14.1V5.9Z'

/** The state of a space as a hexagon, next to a word. Screen readers skip it. */
export function SpaceGlyph({ state, className }: { state: SpaceState; className?: string }) {
  const { ink, sides, isFilled, isRunning, inside } = spaceDrawings[state]
  return (
    <svg viewBox="0 0 20 20" aria-hidden="true" className={classNames('space-glyph', ink, className)}>
      {isRunning && <path d={hexagon} className="opacity-25" />}
      <path
        d={hexagon}
        pathLength={6}
        strokeDasharray={sides}
        className={classNames(isFilled && 'fill-current', isRunning && 'space-glyph-runs')}
      />
      {inside && (
        <path
          d={inside.d}
          className={isFilled ? 'space-glyph-inverse' : inside.isSolid ? 'space-glyph-solid' : undefined}
        />
      )}
    </svg>
  )
}
