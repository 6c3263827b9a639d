import Link from 'next/link'
import { quotaLabel, quotaText } from '#components/spaces/quota-words.ts'
import { type Description, DescriptionList } from '#components/ui/description-list.tsx'
import { Section } from '#components/ui/section.tsx'
import { RelativeTime } from '#components/ui/time/relative-time.tsx'
import type { DecisionContext, RequestDetail } from '#lib/kernel/model/requests/request-view.ts'
import { groupWords, shortList } from './asking-sentence.ts'
import { RequestStateBadge } from './request-state-badge.tsx'
import { RequestSummary } from './request-summary.tsx'
import { historyWords, spacesWords } from './request-words.ts'

/** The reason, and for deciders the requester and their situation. */
export function RequestFacts({ request }: { request: RequestDetail }) {
  const { requester, reason, isOwn, context } = request
  const why = { term: 'Reason', detail: <span className="wrap-anywhere whitespace-pre-line">{reason}</span> }
  if (isOwn) {
    return (
      <Section
        title="Why"
        description="Approvers also see your groups, how many spaces you own, and your earlier requests of this kind."
      >
        <DescriptionList items={[why]} />
      </Section>
    )
  }
  return (
    <Section title="Who and why">
      <DescriptionList
        items={[
          why,
          {
            term: 'Requester',
            detail: (
              <>
                {requester.name} <span className="wrap-anywhere text-muted">{requester.email}</span>{' '}
                <span className="wrap-anywhere font-mono text-muted text-xs">{requester.handle}</span>
                {requester.from && <span className="wrap-anywhere block text-muted">from {requester.from}</span>}
              </>
            ),
          },
          ...(context ? factsOf(request, context) : []),
        ]}
      />
    </Section>
  )
}

function factsOf(
  { payload }: RequestDetail,
  { groups, spaces, usage, holders, history }: DecisionContext,
): Description[] {
  return [
    { term: 'Groups', detail: groupWords(groups, 10) ?? 'None' },
    { term: 'Spaces', detail: spacesWords(spaces) },
    {
      term: payload.kind === 'space' ? 'Their spaces use' : 'The space uses',
      detail:
        usage.length > 0
          ? usage.map((row) => `${quotaLabel(row.resource)} ${quotaText(row)}`).join(' · ')
          : 'Nothing reported yet',
    },
    ...(holders && payload.kind === 'role'
      ? [
          {
            term: `Also ${payload.role}`,
            detail:
              holders.count > 0
                ? shortList(
                    holders.first.map(({ name, isGroup }) => (isGroup ? `${name} (group)` : name)),
                    holders.count,
                  )
                : 'Nobody',
          },
        ]
      : []),
    { term: 'Earlier requests', detail: <History history={history} /> },
  ]
}

function History({ history }: Pick<DecisionContext, 'history'>) {
  const words = historyWords(history)
  if (words === null) return 'No earlier requests'
  return (
    <>
      <p>{words}</p>
      <ul className="mt-1.5 space-y-1.5">
        {history.last.map((earlier) => (
          <li key={earlier.id} className="flex flex-wrap items-center gap-x-2 gap-y-0.5">
            <Link href={`/requests/${earlier.id}`} prefetch={false} className="text-link wrap-anywhere">
              <RequestSummary request={earlier} />
            </Link>
            <RequestStateBadge state={earlier.state} />
            <span className="text-muted">
              <RelativeTime at={earlier.createdAt} />
            </span>
          </li>
        ))}
      </ul>
    </>
  )
}
