import type { SpaceAddress } from './space-path.ts'

/** The hidden inputs by which a form names its space. */
export function SpaceFields({ space }: { space: SpaceAddress }) {
  return (
    <>
      <input type="hidden" name="space" value={space.name} />
      {space.cluster && <input type="hidden" name="cluster" value={space.cluster} />}
    </>
  )
}
