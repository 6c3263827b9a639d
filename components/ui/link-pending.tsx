'use client'

import { useLinkStatus } from 'next/link'
import { classNames } from './class-names.ts'

/**
 * Shows in a link that the page behind it is on its way, once that takes longer than a moment. Stands inside of a `Link`
 * that is positioned, and takes no room there.
 */
export function LinkPending() {
  const { pending } = useLinkStatus()
  return (
    <span
      aria-hidden="true"
      className={classNames(
        'pointer-events-none absolute inset-x-1 bottom-0 h-0.5 rounded-full bg-current transition-opacity',
        pending ? 'opacity-100 delay-150' : 'opacity-0',
      )}
    />
  )
}
