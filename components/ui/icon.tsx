'use client'

// A client component, because React streams late parts of server-rendered SVG in `<svg style="display:none">`, which
// the Content Security Policy blocks.

import { classNames } from './class-names.ts'

/** Outlines on a 16 × 16 grid, drawn with a stroke of 1.5. */
const paths = {
  plus: 'M8 3v10M3 8h10',
  check: 'm3 8.5 3.2 3.2L13 4.8',
  'check-circle': 'M8 14.25a6.25 6.25 0 1 0 0-12.5 6.25 6.25 0 0 0 0 12.5ZM5.4 8.2l1.8 1.8 3.4-3.7',
  'alert-triangle': 'M8 2.2 14.3 13H1.7L8 2.2ZM8 6.4v3M8 11.3v.05',
  'alert-circle': 'M8 14.25a6.25 6.25 0 1 0 0-12.5 6.25 6.25 0 0 0 0 12.5ZM8 5v3.6M8 11v.05',
  info: 'M8 14.25a6.25 6.25 0 1 0 0-12.5 6.25 6.25 0 0 0 0 12.5ZM8 7.4V11M8 5v.05',
  x: 'm4 4 8 8M12 4l-8 8',
  circle: 'M8 13.25a5.25 5.25 0 1 0 0-10.5 5.25 5.25 0 0 0 0 10.5Z',
  progress: 'M8 1.75A6.25 6.25 0 1 1 1.75 8',
  moon: 'M13.5 9.6A5.75 5.75 0 0 1 6.4 2.5a5.75 5.75 0 1 0 7.1 7.1Z',
  sun: 'M8 11a3 3 0 1 0 0-6 3 3 0 0 0 0 6ZM8 1.5v1M8 13.5v1M1.5 8h1M13.5 8h1M3.4 3.4l.7.7M11.9 11.9l.7.7M12.6 3.4l-.7.7M4.1 11.9l-.7.7',
  monitor: 'M2 3h12v8H2zM6 13.5h4',
  cluster: 'M2.5 2.75h11v4.5h-11zM2.5 8.75h11v4.5h-11zM5 5h.5M5 11h.5',
  'list-check': 'M2 4.2 3.2 5.4 5.6 3M2 10.7l1.2 1.2 2.4-2.4M8.5 4.5H14M8.5 11H14',
  rows: 'M2.5 4h11M2.5 8h11M2.5 12h11',
  search: 'M7 12A5 5 0 1 0 7 2a5 5 0 0 0 0 10ZM10.6 10.6 14 14',
  'chevron-down': 'm4 6 4 4 4-4',
  'chevron-left': 'm10 3.5-4.5 4.5 4.5 4.5',
  'chevron-right': 'm6 3.5 4.5 4.5L6 12.5',
  'arrow-up': 'M8 13V3M4 7l4-4 4 4',
  'arrow-down': 'M8 3v10M4 9l4 4 4-4',
  'arrow-right': 'M3 8h10M9 4l4 4-4 4',
  copy: 'M6 6h7v7.5H6zM10 6V2.5H3V10h3',
  download: 'M8 2v8M4.5 7 8 10.5 11.5 7M2.5 13.5h11',
  user: 'M8 8a2.75 2.75 0 1 0 0-5.5A2.75 2.75 0 0 0 8 8ZM2.75 13.75c.5-2.4 2.6-3.75 5.25-3.75s4.75 1.35 5.25 3.75',
  users:
    'M6 7.5a2.4 2.4 0 1 0 0-4.8 2.4 2.4 0 0 0 0 4.8ZM1.5 13c.4-2.1 2.2-3.3 4.5-3.3s4.1 1.2 4.5 3.3M10.7 3a2.3 2.3 0 0 1 0 4.4M12 9.9c1.4.4 2.3 1.5 2.6 3.1',
  key: 'M5.5 13a3 3 0 1 0 0-6 3 3 0 0 0 0 6ZM7.6 7.9 13 2.5M10.5 5l2 2',
  clock: 'M8 14.25a6.25 6.25 0 1 0 0-12.5 6.25 6.25 0 0 0 0 12.5ZM8 4.5V8l2.4 1.6',
  lock: 'M3.5 7h9v6.5h-9zM5.5 7V4.8a2.5 2.5 0 0 1 5 0V7',
  trash: 'M2.5 4.25h11M6 4.25V2.5h4v1.75M4 4.25l.6 9.25h6.8l.6-9.25',
  space: 'M8 1.75 13.4 4.9v6.2L8 14.25 2.6 11.1V4.9ZM8 6.6a1.4 1.4 0 1 0 0 2.8 1.4 1.4 0 0 0 0-2.8Z',
  inbox: 'M2 9.5 4 3h8l2 6.5v4H2v-4ZM2 9.5h3.5c.3 1.2 1.2 2 2.5 2s2.2-.8 2.5-2H14',
  filter: 'M2 3.5h12L9.5 8.8V13l-3-1.3V8.8L2 3.5Z',
  'sign-out': 'M6 2.5H2.5v11H6M10.5 11.5 14 8l-3.5-3.5M14 8H6',
  refresh: 'M13.5 8a5.5 5.5 0 1 1-1.6-3.9M13.5 2v2.9h-2.9',
  activity: 'M1.5 8.5H4l2-5.5 3.5 10 2-4.5h3',
  external: 'M9 2.5h4.5V7M13.5 2.5 7 9M6 3.5H2.5v10h10V10',
  terminal: 'm3 4.5 3.5 3.5L3 11.5M8 12h5',
} as const

export type IconName = keyof typeof paths

/** A decorative icon next to text. Screen readers skip it. */
export function Icon({ name, className }: { name: IconName; className?: string }) {
  return (
    <svg viewBox="0 0 16 16" aria-hidden="true" className={classNames('icon', className)}>
      <path d={paths[name]} />
    </svg>
  )
}
