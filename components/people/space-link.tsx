import Link from 'next/link'
import { addressOf, type SpaceView, spacePath } from '#components/spaces/space-path.ts'

type Props = {
  space: { name: string; cluster: string; deleted?: boolean }
  defaultCluster: string
  /** Auditors can't open spaces. */
  linked: boolean
  view?: SpaceView
}

/** A space's name, with its cluster if that isn't the default one; a link for those who may open it. */
export function SpaceLink({ space, defaultCluster, linked, view }: Props) {
  const { name, cluster, deleted = false } = space
  return (
    <>
      {linked && !deleted ? (
        <Link
          href={spacePath(addressOf(space, defaultCluster), view)}
          prefetch={false}
          className="wrap-anywhere font-medium font-mono hover:underline"
        >
          {name}
        </Link>
      ) : (
        <span className="wrap-anywhere font-mono">{name}</span>
      )}
      {cluster !== defaultCluster && <span className="text-muted"> on {cluster}</span>}
      {deleted && <span className="text-muted"> (deleted)</span>}
    </>
  )
}
