import Link from 'next/link'
import { addressOf } from '#components/spaces/space-path.ts'
import { RowLink } from '#components/ui/row-link.tsx'
import { accessPath } from './access-path.ts'

type Props = { space: { name: string; cluster: string }; defaultCluster: string; wholeRow?: boolean }

/** A space, leading to who has access to it. */
export const HoldingSpaceLink = ({ space, defaultCluster, wholeRow = false }: Props) => {
  const path = accessPath({ by: 'space', space: addressOf(space, defaultCluster) })
  return (
    <>
      {wholeRow ? (
        <RowLink href={path} className="font-medium font-mono">
          {space.name}
        </RowLink>
      ) : (
        <Link href={path} prefetch={false} className="wrap-anywhere font-medium font-mono hover:underline">
          {space.name}
        </Link>
      )}
      {space.cluster !== defaultCluster && <span className="text-muted"> on {space.cluster}</span>}
    </>
  )
}
