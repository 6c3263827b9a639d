'use client'

// A client component for the reason given in icon.tsx.

import { hexagon } from '#components/spaces/state-drawings.ts'

/** A step of several, as a hexagon with a check once it is done. Screen readers skip it. */
export const StepGlyph = ({ done }: { done: boolean }) => (
  <svg
    viewBox="0 0 20 20"
    aria-hidden="true"
    className={done ? 'state-glyph mt-0.5 size-5 text-ok' : 'state-glyph mt-0.5 size-5 text-muted'}
  >
    <path d={hexagon} />
    {done && <path d="m6.9 10.2 2.2 2.2 4.1-4.6" />}
  </svg>
)
