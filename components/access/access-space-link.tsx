import { addressOf, spacePath } from '#components/spaces/space-path.ts'
import { NameLink } from '#components/ui/name-link.tsx'

type Props = { space: { name: string; cluster: string }; defaultCluster: string; wholeRow?: boolean }

/** A space, linked to its access report. */
export const AccessSpaceLink = ({ space, defaultCluster, wholeRow = false }: Props) => (
  <>
    <NameLink
      href={spacePath(addressOf(space, defaultCluster), 'access/report')}
      wholeRow={wholeRow}
      className="font-medium font-mono"
    >
      {space.name}
    </NameLink>
    {space.cluster !== defaultCluster && <span className="text-muted"> on {space.cluster}</span>}
  </>
)
