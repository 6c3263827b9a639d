import { NoSuchSpace } from '#components/spaces/no-such-space.tsx'

/** A space that is not there, or not one's own to know of. */
export default function SpaceNotFound() {
  return <NoSuchSpace />
}
