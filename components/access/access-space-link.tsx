import { addressOf } from '#components/spaces/space-path.ts'
import { NameLink } from '#components/ui/name-link.tsx'
import { accessPath } from './access-path.ts'

type Props = { space: { name: string; cluster: string }; defaultCluster: string; wholeRow?: boolean }

/** A space, linked to its access report. */
export const AccessSpaceLink = ({ space, defaultCluster, wholeRow = false }: Props) => (
  <>
    <NameLink
      href={accessPath({ by: 'space', space: addressOf(space, defaultCluster) })}
      wholeRow={wholeRow}
      className="font-medium font-mono"
    >
      {space.name}
    </NameLink>
    {space.cluster !== defaultCluster && <span className="text-muted"> on {space.cluster}</span>}
  </>
)
