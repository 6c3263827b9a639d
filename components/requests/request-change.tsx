import { standingLabel } from '#components/spaces/standing-label.ts'
import { DescriptionList } from '#components/ui/description-list.tsx'
import { Section } from '#components/ui/section.tsx'
import { timeInFull } from '#components/ui/time-in-words.ts'
import type { RequestPayload } from '#lib/domain/access-request.ts'
import type { RequestDetail } from '#lib/domain/request-view.ts'
import type { Role } from '#lib/domain/role.ts'
import { type Size, sizeSpecs, sizeWithin } from '#lib/domain/size.ts'
import { FromTo } from './from-to.tsx'
import { GainedRightsTable } from './gained-rights-table.tsx'

/** What policy allows without approval. */
export type PolicyLimits = { limit: number; maxSize: Size }

type Props = { request: RequestDetail; policy: PolicyLimits }

/** What an approval would change. */
export function RequestChange({ request, policy }: Props) {
  const { payload } = request
  switch (payload.kind) {
    case 'role':
      return <RoleChange request={request} asked={payload} />
    case 'space':
      return <RequestedSpace wish={payload} policy={policy} />
    case 'size':
      return (
        <Section title="Requested change" description={beyond(payload.size, policy)}>
          <FromTo from={`Size ${payload.from}`} to={`Size ${payload.size}`} />
          <div className="mt-3">
            <DescriptionList
              items={[
                { term: 'Cluster', detail: <span className="font-mono">{request.space?.cluster ?? 'Deleted'}</span> },
                { term: 'Current', detail: sizeSpecs[payload.from].summary },
                { term: 'Requested', detail: sizeSpecs[payload.size].summary },
              ]}
            />
          </div>
        </Section>
      )
  }
}

const beyond = (size: Size, { limit, maxSize }: PolicyLimits): string =>
  sizeWithin(size, maxSize)
    ? `This would exceed the ${limit} ${limit === 1 ? 'space' : 'spaces'} a person can own without approval.`
    : `Size ${size} is larger than ${maxSize}, the largest size available without approval.`

type Asked = Extract<RequestPayload, { kind: 'role' }>

function RoleChange({ request, asked }: { request: RequestDetail; asked: Asked }) {
  const { before, after, gained, requester, state } = request
  const { space, cluster, role } = asked
  return (
    <Section
      flush={gained.length > 0}
      title={`What ${requester.name} ${state === 'open' ? 'could' : 'can'} do in ${space}`}
      description={
        gained.length > 0
          ? 'The table lists only rights they don’t have yet.'
          : state === 'approved'
            ? 'They have this role now.'
            : 'This gives them no rights on the cluster that they don’t already have.'
      }
    >
      <div className={gained.length > 0 ? 'px-4 pb-4 sm:px-5' : undefined}>
        {gained.length > 0 || before !== after ? (
          <FromTo from={roleName(before)} to={roleName(after ?? before)} />
        ) : (
          <p className="font-semibold text-lg">{roleName(before)}</p>
        )}
        <p className="mt-1 text-muted text-sm">
          On cluster <span className="font-mono">{cluster}</span>
        </p>
        {role === 'admin' && (
          <p className="mt-1 text-muted text-sm">
            Admins with an end date can manage members, but not Roles and RoleBindings on the cluster.
          </p>
        )}
      </div>
      {gained.length > 0 && <GainedRightsTable gained={gained} />}
    </Section>
  )
}

const roleName = (role: Role | null | undefined): string => (role ? standingLabel(role) : 'No access')

type Wish = Extract<RequestPayload, { kind: 'space' }>

function RequestedSpace({ wish, policy }: { wish: Wish; policy: PolicyLimits }) {
  return (
    <Section title="Requested space" description={beyond(wish.size, policy)}>
      <DescriptionList
        items={[
          { term: 'Name', detail: <span className="wrap-anywhere font-mono">{wish.name}</span> },
          { term: 'Cluster', detail: <span className="font-mono">{wish.cluster}</span> },
          { term: 'Size', detail: `${wish.size}: ${sizeSpecs[wish.size].summary}` },
          { term: 'Ends', detail: wish.endsAt ? timeInFull(new Date(wish.endsAt), false) : 'No end date' },
          ...(wish.description ? [{ term: 'Description', detail: wish.description }] : []),
        ]}
      />
    </Section>
  )
}
