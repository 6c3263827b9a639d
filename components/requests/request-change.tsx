import { DescriptionList } from '#components/ui/description-list.tsx'
import { Section } from '#components/ui/section.tsx'
import { timeInFull } from '#components/ui/time-in-words.ts'
import type { RequestPayload } from '#lib/domain/access-request.ts'
import type { RequestDetail } from '#lib/domain/request-view.ts'
import { type Size, sizeSpecs, sizeWithin } from '#lib/domain/size.ts'
import { FromTo } from './from-to.tsx'
import { GainedRightsTable } from './gained-rights-table.tsx'

/** What policy gives without an approval. */
export type PolicyLimits = { limit: number; maxSize: Size }

type Props = { request: RequestDetail; policy: PolicyLimits }

/** What an approval would change: of a role, a space or a size. */
export function RequestChange({ request, policy }: Props) {
  const { payload } = request
  switch (payload.kind) {
    case 'role':
      return <RoleChange request={request} space={payload.space} cluster={payload.cluster} />
    case 'space':
      return <SpaceWish wish={payload} policy={policy} />
    case 'size':
      return (
        <Section title="What would change" description={beyond(payload.size, policy)}>
          <FromTo from={`Size ${payload.from}`} to={`Size ${payload.size}`} />
          <div className="mt-3">
            <DescriptionList
              items={[
                { term: 'Cluster', detail: <span className="font-mono">{request.space?.cluster ?? 'Gone'}</span> },
                { term: 'Now', detail: sizeSpecs[payload.from].summary },
                { term: 'Then', detail: sizeSpecs[payload.size].summary },
              ]}
            />
          </div>
        </Section>
      )
  }
}

const beyond = (size: Size, { limit, maxSize }: PolicyLimits): string =>
  sizeWithin(size, maxSize)
    ? `It would be more than the ${limit} ${limit === 1 ? 'space' : 'spaces'} that a person may own without an approval.`
    : `Size ${size} is more than ${maxSize}, the greatest that needs no approval.`

function RoleChange({ request, space, cluster }: { request: RequestDetail; space: string; cluster: string }) {
  const { before, after, gained, requester, state } = request
  return (
    <Section
      flush={gained.length > 0}
      title={`What ${requester.name} can do in ${space}`}
      description={
        gained.length > 0
          ? 'Everything in the table is newly gained. Rights they have already are not listed.'
          : 'Nothing is newly gained.'
      }
    >
      <div className={gained.length > 0 ? 'px-4 pb-4 sm:px-5' : undefined}>
        <FromTo from={before ?? 'No access'} to={after ?? before ?? 'No access'} />
        <p className="mt-1 text-muted text-sm">
          On the cluster <span className="font-mono">{cluster}</span>
        </p>
        {state === 'approved' && gained.length === 0 && (
          <p className="mt-1 text-muted text-sm">They have this role now.</p>
        )}
      </div>
      {gained.length > 0 && <GainedRightsTable gained={gained} />}
    </Section>
  )
}

type Wish = Extract<RequestPayload, { kind: 'space' }>

function SpaceWish({ wish, policy }: { wish: Wish; policy: PolicyLimits }) {
  return (
    <Section title="What would be created" description={beyond(wish.size, policy)}>
      <DescriptionList
        items={[
          { term: 'Space', detail: <span className="font-mono">{wish.name}</span> },
          { term: 'Cluster', detail: <span className="font-mono">{wish.cluster}</span> },
          { term: 'Size', detail: `${wish.size}: ${sizeSpecs[wish.size].summary}` },
          { term: 'Ends', detail: wish.endsAt ? timeInFull(new Date(wish.endsAt), false) : 'With no end' },
          ...(wish.description ? [{ term: 'Description', detail: wish.description }] : []),
        ]}
      />
    </Section>
  )
}
