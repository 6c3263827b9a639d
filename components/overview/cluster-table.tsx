import Link from 'next/link'
import { clusterPath } from '#components/clusters/cluster-path.ts'
import { spaceListPath } from '#components/spaces/list/space-search.ts'
import { shareText } from '#components/spaces/quota-words.ts'
import { Badge } from '#components/ui/badge.tsx'
import { CombMeter } from '#components/ui/comb-meter.tsx'
import { type Column, DataTable } from '#components/ui/list/data-table.tsx'
import { NameLink } from '#components/ui/name-link.tsx'
import { NoValue } from '#components/ui/no-value.tsx'
import { Section } from '#components/ui/section.tsx'
import { RelativeTime } from '#components/ui/time/relative-time.tsx'
import type { ClusterOverview } from '#lib/features/overview/model/overview.ts'
import { inNumber } from '#lib/kernel/model/in-number.ts'
import { inFigures } from './figures.tsx'

const resources = {
  cpu: { label: 'CPU', resource: 'requests.cpu' },
  memory: { label: 'Memory', resource: 'requests.memory' },
  pods: { label: 'Pods', resource: 'pods' },
} as const

const columns: readonly Column<ClusterOverview>[] = [
  {
    key: 'name',
    header: 'Cluster',
    primary: true,
    cell: ({ name }) => (
      <NameLink href={clusterPath(name)} className="font-medium font-mono">
        {name}
      </NameLink>
    ),
  },
  {
    key: 'fences',
    header: 'Admission policies',
    cell: (cluster) => (
      <span className="inline-flex flex-wrap items-center gap-x-2 gap-y-1">
        <Fences cluster={cluster} />
        {cluster.provedAt && (
          <span className="text-muted text-xs">
            verified <RelativeTime at={cluster.provedAt} />
          </span>
        )}
      </span>
    ),
  },
  {
    key: 'rights',
    header: 'Granted outside Spaceport',
    cell: ({ name, rights }) => <Rights name={name} count={rights} />,
  },
  ...(['cpu', 'memory', 'pods'] as const).map(
    (of): Column<ClusterOverview> => ({
      key: of,
      header: `${resources[of].label} quota`,
      cell: (cluster) => <Used cluster={cluster} of={of} />,
    }),
  ),
  {
    key: 'spaces',
    header: 'Spaces',
    align: 'right',
    cell: ({ name, spaces }) => (
      <Link href={spaceListPath({ cluster: name })} prefetch={false} className="text-link tabular-nums">
        {inFigures(spaces)}
      </Link>
    ),
  },
]

type Props = { cluster: ClusterOverview }

function Fences({ cluster: { name, fences, faults } }: Props) {
  if (fences === 'ok')
    return (
      <Badge tone="ok" icon="check-circle">
        In force
      </Badge>
    )
  if (fences === 'faulty')
    return (
      <Link href={clusterPath(name)} prefetch={false} className="hover:underline">
        <Badge tone="bad" icon="alert-circle">
          {inNumber(faults, 'fault')}
        </Badge>
      </Link>
    )
  return (
    <Badge tone="warn" icon="alert-triangle">
      {fences === 'late' ? 'Not verified recently' : 'Not verified yet'}
    </Badge>
  )
}

const Rights = ({ name, count }: { name: string; count: number }) =>
  count === 0 ? (
    <span className="text-muted">None found</span>
  ) : (
    <Link href={clusterPath(name)} prefetch={false} className="hover:underline">
      <Badge tone="warn" icon="alert-triangle">
        {inFigures(count)}
      </Badge>
    </Link>
  )

/** How much of all its quotas a cluster's spaces use. */
function Used({ cluster: { name, usage }, of }: Props & { of: keyof typeof resources }) {
  if (!usage || usage[of].hard === 0) return <NoValue />
  const { used, hard } = usage[of]
  const { label, resource } = resources[of]
  const text = shareText(resource, used, hard)
  return (
    <span className="inline-block tabular-nums">
      <span className="block">{text}</span>
      <span className="mt-1 block card:hidden">
        <CombMeter size="tiny" label={`${label} of ${name}`} ratio={used / hard} text={text} />
      </span>
    </span>
  )
}

/** The clusters, with the state of their admission policies and the usage of their spaces' quotas. */
export const ClusterTable = ({ clusters }: { clusters: readonly ClusterOverview[] }) => (
  <Section title="Clusters" more="How much of all spaces’ quotas is requested, as last sampled." content="bare">
    <DataTable caption="Clusters" columns={columns} rows={clusters} rowKey={({ name }) => name} />
  </Section>
)
