import type { Metadata } from 'next'
import { NoSuchSpace } from '#components/spaces/no-such-space.tsx'

export const metadata: Metadata = { title: 'Space not found' }

/** A space that doesn't exist, or that the person may not know about. */
export default function SpaceNotFound() {
  return <NoSuchSpace />
}
