import { Badge } from '#components/ui/badge.tsx'
import { Section } from '#components/ui/section.tsx'
import type { ClusterView } from '#lib/features/clusters/model/cluster-view.ts'
import { ClusterCapacity } from './cluster-capacity.tsx'
import { ClusterFacts } from './cluster-facts.tsx'
import { clusterAnchor } from './cluster-path.ts'
import { ClusterProblems } from './cluster-problems.tsx'

type Props = { clusters: readonly ClusterView[] }

/** Each cluster: its problems, facts and capacity. */
export const ClusterList = ({ clusters }: Props) => (
  <div className="space-y-10">
    {clusters.map((cluster) => (
      <Section
        key={cluster.name}
        id={clusterAnchor(cluster.name)}
        content="bare"
        title={
          <span className="flex flex-wrap items-center gap-x-2.5 gap-y-1">
            <span className="wrap-anywhere font-mono">{cluster.name}</span>
            {cluster.isDefault && clusters.length > 1 && <Badge>Default</Badge>}
            {!cluster.isConfigured && (
              <Badge tone="warn" icon="alert-triangle">
                Not configured
              </Badge>
            )}
          </span>
        }
      >
        <ClusterProblems cluster={cluster} />
        <div className="grid gap-4 lg:grid-cols-2 lg:items-start">
          <Section title={<Of what="State" cluster={cluster.name} />} level={3}>
            <ClusterFacts cluster={cluster} />
          </Section>
          <Section title={<Of what="Capacity" cluster={cluster.name} />} level={3}>
            <ClusterCapacity cluster={cluster.name} capacity={cluster.capacity} />
          </Section>
        </div>
      </Section>
    ))}
  </div>
)

/** Several clusters have this heading, so its accessible name includes the cluster. */
const Of = ({ what, cluster }: { what: string; cluster: string }) => (
  <>
    {what}
    <span className="sr-only"> of {cluster}</span>
  </>
)
