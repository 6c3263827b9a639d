import { classNames } from './class-names.ts'

/** The frame of a row of segments, of which one is current. */
export const segmentFrame = 'rounded-md border border-line-strong bg-surface'

/** @returns the class of one segment: a link or a button */
export const segmentClass = (current: boolean): string =>
  classNames(
    'relative flex min-h-8 items-center gap-1.5 px-3 text-sm focus-visible:-outline-offset-2',
    current
      ? 'bg-accent-soft font-semibold text-accent forced-colors:outline-2 forced-colors:-outline-offset-2'
      : 'text-muted hover:bg-sunken hover:text-ink',
  )
