import type { SpaceAddress } from './space-path.ts'

/** The hidden inputs that name a form's space. */
export function SpaceFields({ space }: { space: SpaceAddress }) {
  return (
    <>
      <input type="hidden" name="space" value={space.name} />
      {space.cluster && <input type="hidden" name="cluster" value={space.cluster} />}
    </>
  )
}
