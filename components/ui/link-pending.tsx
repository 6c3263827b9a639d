'use client'

import { useLinkStatus } from 'next/link'
import { classNames } from './class-names.ts'

/** Shows that a link's page is loading, after a short delay. Belongs in a positioned `Link` and takes no space. */
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
