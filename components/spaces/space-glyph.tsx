'use client'

// A client component for the reason given in icon.tsx.

import { classNames } from '#components/ui/class-names.ts'
import { type SpaceState, spaceInks } from './space-inks.ts'

const hexagon = 'M10 1.75 17.15 5.9v8.2L10 18.25 2.85 14.1V5.9Z'

type Drawing = {
  /** Its six sides, drawn from the top: lengths of line and gap, in sides. Default: closed. */
  sides?: string
  isFilled?: boolean
  isRunning?: boolean
  /** What is inside. */
  inside?: { d: string; isSolid?: boolean }
}

const dot = { d: 'M10 7.4a2.6 2.6 0 1 0 0 5.2 2.6 2.6 0 0 0 0-5.2Z', isSolid: true }
const warning = { d: 'M10 6.2v4.6M10 13.7v.05' }

const drawings: Readonly<Record<SpaceState, Drawing>> = {
  ready: { inside: dot },
  failing: { isFilled: true, inside: warning },
  failed: { isFilled: true, inside: { d: 'm7.6 7.6 4.8 4.8M12.4 7.6l-4.8 4.8' } },
  quota: { inside: { d: 'M5.2 8.4h9.6v4.4L10 15.6l-4.8-2.8Z', isSolid: true } },
  starting: { sides: '4 2', inside: dot },
  waiting: { sides: '0.5 0.5' },
  creating: { sides: '2 4', isRunning: true },
  deleting: { sides: '0.5 0.5', isRunning: true },
  asleep: { inside: { d: 'M7 10.4c1.6 1.4 4.4 1.4 6 0' } },
  unknown: { sides: '0.5 0.5', inside: { d: 'M10 10v.05' } },
  deleted: { inside: { d: 'M6.8 10h6.4' } },
}

/** The state of a space as a hexagon, next to a word. No two look alike without colours. Screen readers skip it. */
export function SpaceGlyph({ state, className }: { state: SpaceState; className?: string }) {
  const { sides, isFilled, isRunning, inside } = drawings[state]
  return (
    <svg viewBox="0 0 20 20" aria-hidden="true" className={classNames('space-glyph', spaceInks[state], className)}>
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
