'use client'

import { useSyncExternalStore } from 'react'
import { BackLink } from '#components/ui/back-link.tsx'
import { lastList } from './last-list.ts'

const never = () => () => {}

/** Leads back to the list with its previous search, filters and order. */
export function BackToSpaces() {
  const href = useSyncExternalStore(never, lastList, () => '/')
  return <BackLink href={href} label="Spaces" />
}
