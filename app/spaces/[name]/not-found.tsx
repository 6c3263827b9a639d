import type { Metadata } from 'next'
import { NoSuchSpace } from '#components/spaces/no-such-space.tsx'

export const metadata: Metadata = { title: 'Space not found' }

/** A space that is not there, or not one's own to know of. */
export default function SpaceNotFound() {
  return <NoSuchSpace />
}
