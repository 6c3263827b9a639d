import { standingLabel } from '#components/spaces/standing-label.ts'
import { DescriptionList } from '#components/ui/description-list.tsx'
import { Icon } from '#components/ui/icon.tsx'
import { Section } from '#components/ui/section.tsx'
import { timeInFull } from '#components/ui/time/time-in-words.ts'
import type { Role } from '#lib/kernel/model/access/role.ts'
import type { Policy } from '#lib/kernel/model/policy/policy.ts'
import type { RequestPayload } from '#lib/kernel/model/requests/access-request.ts'
import type { RequestDetail } from '#lib/kernel/model/requests/request-view.ts'
import { sizeSpecs } from '#lib/kernel/model/spaces/size-spec.ts'
import { GainedRightsTable } from './gained-rights-table.tsx'
import { limitSentences, rightsSummary } from './request-words.ts'

type Props = { request: RequestDetail; policy: Pick<Policy, 'spaceLimit' | 'maxSize'> }

export function RequestChange({ request, policy }: Props) {
  const { payload } = request
  switch (payload.kind) {
    case 'role':
      return <RoleChange request={request} asked={payload} />
    case 'space':
      return <RequestedSpace request={request} requested={payload} policy={policy} />
    case 'life':
      return (
        <Section title="Requested change" description="The space and everything in it are deleted at its end.">
          <FromTo from={endInWords(payload.from)} to={endInWords(payload.endsAt)} />
        </Section>
      )
    case 'size':
      return (
        <Section title="Requested change">
          <Limits request={request} policy={policy} />
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

/** The limits that the request exceeds. */
function Limits({ request, policy }: Props) {
  if (request.state !== 'open') return null
  return (
    <ul className="mb-3 space-y-1 text-muted text-sm">
      {limitSentences(request, policy).map((sentence) => (
        <li key={sentence}>{sentence}</li>
      ))}
    </ul>
  )
}

const endInWords = (at: string | null): string => (at ? timeInFull(new Date(at), false) : 'No end')

type RoleRequest = Extract<RequestPayload, { kind: 'role' }>

function RoleChange({ request, asked }: { request: RequestDetail; asked: RoleRequest }) {
  const { before, after, gained, requester, state, isOwn } = request
  const { cluster, role } = asked
  const isOpen = state === 'open'
  return (
    <Section
      content={gained.length > 0 ? 'flush' : 'card'}
      title={isOpen ? 'What approval adds' : 'What this role can do'}
      {...(isOpen &&
        gained.length === 0 && {
          description: `This adds no cluster permissions that ${isOwn ? 'you don’t' : `${requester.name} doesn’t`} already have.`,
        })}
    >
      <div className={gained.length > 0 ? 'p-4 sm:p-5' : undefined}>
        {isOpen && before !== after ? (
          <FromTo from={roleName(before)} to={roleName(after)} />
        ) : (
          <p className="font-semibold text-lg">{roleName(isOpen ? before : role)}</p>
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
      {gained.length > 0 && (
        <details className="border-t">
          <summary className="px-4 py-3 font-medium text-sm hover:bg-sunken/60 sm:px-5">
            {rightsSummary(gained)}
          </summary>
          <GainedRightsTable gained={gained} />
        </details>
      )}
    </Section>
  )
}

const roleName = (role: Role | null): string => (role ? standingLabel(role) : 'No access')

type SpaceRequest = Extract<RequestPayload, { kind: 'space' }>

function RequestedSpace({ request, requested, policy }: Props & { requested: SpaceRequest }) {
  return (
    <Section title="Requested space">
      <Limits request={request} policy={policy} />
      <DescriptionList
        items={[
          { term: 'Cluster', detail: <span className="font-mono">{requested.cluster}</span> },
          { term: 'Size', detail: `${requested.size}: ${sizeSpecs[requested.size].summary}` },
          ...(requested.description ? [{ term: 'Description', detail: requested.description }] : []),
          ...(requested.declaredIn === undefined
            ? []
            : [
                {
                  term: 'Declared in Git by',
                  detail: (
                    <span className="wrap-anywhere font-mono">{`${requested.declaredIn}/${requested.name}`}</span>
                  ),
                },
              ]),
        ]}
      />
    </Section>
  )
}

function FromTo({ from, to }: { from: string; to: string }) {
  return (
    <p className="flex flex-wrap items-center gap-x-3 gap-y-1 font-semibold text-lg">
      <span>
        <span className="sr-only">From </span>
        {from}
      </span>
      <Icon name="arrow-right" className="text-muted" />
      <span>
        <span className="sr-only">to </span>
        {to}
      </span>
    </p>
  )
}
