import { Alert } from '#components/ui/alert.tsx'
import { CombMeter } from '#components/ui/comb-meter.tsx'
import { RelativeTime } from '#components/ui/time/relative-time.tsx'
import type { ClusterView } from '#lib/features/clusters/model/cluster-view.ts'
import type { Room } from '#lib/features/clusters/model/node-sums.ts'
import { amountOf, nodesSentence, overcommitSentence, promisedText, roomText } from './cluster-words.ts'

type Capacity = ClusterView['capacity']
type Props = { cluster: string; capacity: Capacity }

const resources = [
  { of: 'cpu', label: 'CPU' },
  { of: 'memory', label: 'Memory' },
  { of: 'pods', label: 'Pods' },
] as const

/** The capacity of a cluster’s nodes, beside what its spaces' sizes promise and what they request now. */
export const ClusterCapacity = ({ cluster, capacity }: Props) => (
  <div className="space-y-5">
    <Nodes capacity={capacity} />
    {resources.map(({ of, label }) => (
      <Resource key={of} cluster={cluster} capacity={capacity} of={of} label={label} />
    ))}
  </div>
)

function Nodes({ capacity: { nodes, readAt, refusedAt, promised, requested } }: { capacity: Capacity }) {
  return (
    <div className="space-y-2 text-sm">
      {refusedAt && (
        <Alert kind="info" title="Node capacity can’t be read">
          <p>
            The ClusterRole spaceport:broker there lacks <span className="font-mono">list</span> on{' '}
            <span className="font-mono">nodes</span>, since <RelativeTime at={refusedAt} />. Apply
            deploy/cluster-chart/templates/30-broker.yaml again to see it here. Only this page needs that right.
          </p>
        </Alert>
      )}
      {nodes && readAt ? (
        <p>
          {overcommitSentence(promised.requests, nodes)} {nodesSentence(nodes)}{' '}
          <span className="text-muted">
            Read <RelativeTime at={readAt} />.
          </span>
        </p>
      ) : (
        !refusedAt && <p className="text-muted">Node capacity isn’t known yet.</p>
      )}
      {!requested && <p className="text-muted">There is no recent sample of what spaces request.</p>}
    </div>
  )
}

type ResourceProps = Props & { of: keyof Room; label: string }

function Resource({ cluster, capacity, of, label }: ResourceProps) {
  const { nodes, promised, requested, used } = capacity
  const has = nodes?.[of] ?? null
  const limits = of === 'pods' ? null : promised.limits[of]
  const inUse = of === 'pods' ? null : (used?.[of] ?? null)
  return (
    <div>
      <div className="mb-1.5 flex flex-wrap items-baseline justify-between gap-x-4">
        <h4>{label}</h4>
        {has !== null && <span className="text-sm tabular-nums">Nodes have {roomText(of, has)}</span>}
      </div>
      <ul className="space-y-2 text-sm">
        <Amount
          label="Reserved by quota"
          of="reserved"
          what={`${label} reserved on ${cluster}`}
          amount={promised.requests[of]}
          has={has}
          text={promisedText(of, promised.requests[of], has)}
        />
        {requested && (
          <Amount
            label="Requested now"
            of="use"
            what={`${label} requested on ${cluster}`}
            amount={requested[of]}
            has={has}
            text={amountOf(of, requested[of], has)}
          />
        )}
        {inUse !== null && (
          <Amount
            label="In use"
            of="use"
            what={`${label} in use on ${cluster}`}
            amount={inUse}
            has={has}
            text={amountOf(of, inUse, has)}
          />
        )}
      </ul>
      {limits !== null && <p className="mt-1.5 text-muted text-sm">Limits may add up to {roomText(of, limits)}.</p>}
    </div>
  )
}

type AmountProps = {
  label: string
  what: string
  of: 'use' | 'reserved'
  amount: number
  has: number | null
  text: string
}

const Amount = ({ label, what, of, amount, has, text }: AmountProps) => (
  <li>
    <p className="flex flex-wrap justify-between gap-x-4">
      <span className="text-muted">{label}</span> <span className="tabular-nums">{text}</span>
    </p>
    {has !== null && (
      <div className="mt-1">
        <CombMeter label={what} of={of} ratio={has > 0 ? amount / has : amount > 0 ? 1 : 0} text={text} />
      </div>
    )}
  </li>
)
