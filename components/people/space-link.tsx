import { addressOf, spacePath } from '#components/spaces/space-path.ts'
import { NameLink } from '#components/ui/name-link.tsx'

type Props = {
  space: { name: string; cluster: string; deleted?: boolean }
  defaultCluster: string
  /** False for auditors, who can't open spaces. */
  linked: boolean
}

/** A space's name, with its cluster unless that is the default, linked if the viewer may open it. */
export function SpaceLink({ space, defaultCluster, linked }: Props) {
  const { name, cluster, deleted = false } = space
  const path = spacePath(addressOf(space, defaultCluster))
  return (
    <>
      {linked && !deleted ? (
        <NameLink href={path} className="font-medium font-mono">
          {name}
        </NameLink>
      ) : (
        <span className="wrap-anywhere font-mono">{name}</span>
      )}
      {cluster !== defaultCluster && <span className="text-muted"> on {cluster}</span>}
      {deleted && <span className="text-muted"> (deleted)</span>}
    </>
  )
}
