import Link from 'next/link'
import { clusterPath } from '#components/clusters/cluster-path.ts'
import { Copyable } from '#components/ui/copyable.tsx'
import { DescriptionList } from '#components/ui/description-list.tsx'
import { Section } from '#components/ui/section.tsx'
import { AbsoluteTime } from '#components/ui/time/absolute-time.tsx'
import { RelativeTime } from '#components/ui/time/relative-time.tsx'
import { sizeSpecs } from '#lib/kernel/model/spaces/size-spec.ts'
import type { SpaceDetail } from '#lib/kernel/model/spaces/space-view.ts'

type Props = {
  space: SpaceDetail
  /** Whether the reader may see clusters. */
  linksCluster: boolean
}

/** Facts about a space, for members and platform admins alike. */
export function SpaceFacts({ space, linksCluster }: Props) {
  return (
    <Section title="About">
      <DescriptionList
        items={[
          ...(space.namespace === space.name
            ? []
            : [{ term: 'Namespace', detail: <Copyable text={space.namespace} what="the namespace" /> }]),
          {
            term: 'Cluster',
            detail: linksCluster ? (
              <Link href={clusterPath(space.cluster)} prefetch={false} className="text-link">
                {space.cluster}
              </Link>
            ) : (
              space.cluster
            ),
          },
          { term: 'Owner', detail: space.owner.name },
          { term: 'Size', detail: `${space.size}: ${sizeSpecs[space.size].summary}` },
          { term: 'Created', detail: <RelativeTime at={space.createdAt} /> },
          { term: 'Ends', detail: space.endsAt ? <AbsoluteTime at={space.endsAt} /> : 'No end' },
          {
            term: 'Last synced',
            detail: space.reconciledAt ? (
              <>
                <RelativeTime at={space.reconciledAt} />
                {space.changing && ', changes pending'}
              </>
            ) : (
              'Not yet'
            ),
          },
        ]}
      />
    </Section>
  )
}
