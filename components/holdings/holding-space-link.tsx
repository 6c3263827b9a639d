import Link from 'next/link'
import { addressOf } from '#components/spaces/space-path.ts'
import { accessPath } from './access-path.ts'

type Props = { space: { name: string; cluster: string }; defaultCluster: string }

/** A space, leading to who has access to it. */
export const HoldingSpaceLink = ({ space, defaultCluster }: Props) => (
  <>
    <Link
      href={accessPath({ by: 'space', space: addressOf(space, defaultCluster) })}
      prefetch={false}
      className="wrap-anywhere font-medium font-mono hover:underline"
    >
      {space.name}
    </Link>
    {space.cluster !== defaultCluster && <span className="text-muted"> on {space.cluster}</span>}
  </>
)
