import Link from 'next/link'
import type { ReactNode } from 'react'
import { auditHref } from '#components/audit/audit-href.ts'
import { spaceListPath } from '#components/spaces/list/space-search.ts'
import { Badge } from '#components/ui/badge.tsx'
import { DescriptionList } from '#components/ui/description-list.tsx'
import { RelativeTime } from '#components/ui/time/relative-time.tsx'
import type { ClusterView } from '#lib/features/clusters/model/cluster-view.ts'
import { maxRepairs } from '#lib/kernel/model/spaces/drift.ts'
import { findableStatuses, statusLabels } from '#lib/kernel/model/spaces/space-status.ts'
import { latencyText } from './cluster-words.ts'

type Props = { cluster: ClusterView }

/** What the worker found on a cluster, as one list. */
export const ClusterFacts = ({ cluster }: Props) => (
  <DescriptionList
    items={[
      { term: 'Last contact', detail: <Contact cluster={cluster} /> },
      { term: 'Latency', detail: <LatencyOf cluster={cluster} /> },
      { term: 'Kubernetes', detail: <Version cluster={cluster} /> },
      { term: 'Admission policies', detail: <Fences cluster={cluster} /> },
      { term: 'Exempt identities', detail: <Exempt cluster={cluster} /> },
      { term: 'Access granted outside Spaceport', detail: <Rights cluster={cluster} /> },
      { term: 'Drift', detail: <Drift cluster={cluster} /> },
      { term: 'Spaces', detail: <Spaces cluster={cluster} /> },
    ]}
  />
)

const Unknown = ({ children = 'Not known yet' }: { children?: ReactNode }) => (
  <span className="text-muted">{children}</span>
)

const Line = ({ children }: { children: ReactNode }) => (
  <span className="flex flex-wrap items-center gap-x-2 gap-y-1">{children}</span>
)

function Contact({ cluster: { contact } }: Props) {
  const { answeredAt, state } = contact
  return (
    <Line>
      {state === 'answers' && (
        <Badge tone="ok" icon="check-circle">
          Reachable
        </Badge>
      )}
      {state === 'fails' && (
        <Badge tone="bad" icon="alert-circle">
          Unreachable
        </Badge>
      )}
      {state === 'silent' && (
        <Badge tone="warn" icon="alert-triangle">
          Not contacted lately
        </Badge>
      )}
      {answeredAt ? (
        <span>
          {state === 'answers' ? '' : 'last answered '}
          <RelativeTime at={answeredAt} />
        </span>
      ) : (
        <Unknown>Never answered</Unknown>
      )}
    </Line>
  )
}

const LatencyOf = ({ cluster: { contact } }: Props) =>
  contact.latency ? (
    <span className="tabular-nums">
      {latencyText(contact.latency)}
      {contact.state !== 'answers' && <span className="text-muted">, while it answered</span>}
    </span>
  ) : (
    <Unknown />
  )

const Version = ({ cluster: { version } }: Props) =>
  version ? (
    <Line>
      <span className="wrap-anywhere font-mono">{version.text}</span>
      {version.state === 'too-old' && (
        <Badge tone="bad" icon="alert-circle">
          Too old
        </Badge>
      )}
      {version.state === 'supported' && <span className="text-muted">Supported</span>}
    </Line>
  ) : (
    <Unknown />
  )

function Fences({ cluster: { fences, contact } }: Props) {
  const { state, provedAt, faults } = fences
  const proved = provedAt && (
    <span className="text-muted">
      verified <RelativeTime at={provedAt} />
    </span>
  )
  if (state === 'ok')
    return (
      <Line>
        <Badge tone={contact.state === 'answers' ? 'ok' : 'neutral'} icon="check-circle">
          In force
        </Badge>
        {proved}
      </Line>
    )
  if (state === 'faulty')
    return (
      <Line>
        <Badge tone="bad" icon="alert-circle">
          Not in force
        </Badge>
        <span>{faults.length === 1 ? '1 fault' : `${faults.length} faults`}</span>
        {proved}
      </Line>
    )
  return (
    <Line>
      <Badge tone="warn" icon="alert-triangle">
        {state === 'late' ? 'Not verified recently' : 'Not verified yet'}
      </Badge>
      {proved}
    </Line>
  )
}

function Exempt({ cluster: { exempt } }: Props) {
  if (!exempt) return <Unknown />
  if (exempt.count === 0) return <Unknown>No one, through a binding</Unknown>
  const more = exempt.count - exempt.shown.length
  return (
    <ul className="space-y-0.5">
      {exempt.shown.map((name) => (
        <li key={name} className="wrap-anywhere">
          {name}
        </li>
      ))}
      {more > 0 && <li className="text-muted">and {more} more</li>}
    </ul>
  )
}

const Rights = ({ cluster: { rights, exempt } }: Props) => {
  if (rights.count > 0)
    return (
      <Badge tone="warn" icon="alert-triangle">
        {rights.count} found
      </Badge>
    )
  return <Unknown>{exempt ? 'None found' : 'Not checked yet'}</Unknown>
}

function Drift({ cluster: { drift } }: Props) {
  const { checkedAt, repairs, lastAt } = drift
  return (
    <span>
      {repairs > 0 ? (
        <Link
          href={auditHref('/audit', { action: 'space.drift-repaired' })}
          prefetch={false}
          className="text-link tabular-nums"
        >
          {repairs >= maxRepairs ? `${maxRepairs} or more` : repairs} repaired in 24 hours
        </Link>
      ) : (
        'None repaired in 24 hours'
      )}
      <span className="text-muted">
        {lastAt && (
          <>
            , the last <RelativeTime at={lastAt} />
          </>
        )}
        .{' '}
        {checkedAt ? (
          <>
            All spaces were compared <RelativeTime at={checkedAt} />.
          </>
        ) : (
          'All spaces haven’t been compared yet.'
        )}
      </span>
    </span>
  )
}

const number = new Intl.NumberFormat('en')

function Spaces({ cluster: { name, spaces, isConfigured } }: Props) {
  if (spaces.total === 0) return <Unknown>None</Unknown>
  const states = findableStatuses.flatMap((status) => {
    const found = spaces.byStatus[status] ?? 0
    return found > 0 ? [{ status, found }] : []
  })
  return (
    <ul className="dot-list tabular-nums">
      {states.map(({ status, found }) => (
        <li key={status}>
          {isConfigured ? (
            <Link href={spaceListPath({ cluster: name, status })} prefetch={false} className="text-link">
              {number.format(found)} {statusLabels[status].toLowerCase()}
            </Link>
          ) : (
            `${number.format(found)} ${statusLabels[status].toLowerCase()}`
          )}
        </li>
      ))}
    </ul>
  )
}
