'use client'

import { useSyncExternalStore } from 'react'
import { BackLink } from '#components/ui/back-link.tsx'
import { lastList } from './last-list.ts'

const never = () => () => {}

/** Leads back to the list, with the search, filters and order that it had. */
export function BackToSpaces() {
  const href = useSyncExternalStore(never, lastList, () => '/')
  return <BackLink href={href} label="Spaces" />
}
