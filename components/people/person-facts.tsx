import Link from 'next/link'
import { DescriptionList } from '#components/ui/description-list.tsx'
import { Section } from '#components/ui/section.tsx'
import { RelativeTime } from '#components/ui/time/relative-time.tsx'
import { inNumber } from '#lib/kernel/model/in-number.ts'
import type { PersonFacts as Facts, GroupOfPerson, PersonView } from '#lib/kernel/model/people/person-view.ts'
import type { PlatformRoleState } from '#lib/kernel/model/people/platform-role.ts'
import { personPath } from './people-list-data.ts'
import { platformRoleLabels } from './platform-role-label.ts'

const shown = 20

type Props = { person: PersonView['person']; roleState: PlatformRoleState }

/** Who a person is, the source of that data, and when they were last seen. */
export function PersonFacts({ person, roleState }: Props) {
  const { handle, provider, groups, leftOutGroups, createdAt, lastSignInAt, spaces, credentials } = person
  const { neverSignedIn, provisionedAs } = person
  return (
    <Section
      title="About"
      description={
        roleState.isBreakGlass
          ? 'The account of break-glass codes, which the identity provider doesn’t know.'
          : `From the identity provider ${provider}.`
      }
    >
      <DescriptionList
        items={[
          { term: 'Platform role', detail: <PlatformRole person={person} roleState={roleState} /> },
          { term: 'Groups', detail: <Groups groups={groups} leftOut={leftOutGroups.length} /> },
          ...(neverSignedIn ? [] : [{ term: 'Groups confirmed', detail: <Confirmed {...person} /> }]),
          ...(neverSignedIn ? [] : [{ term: 'Last seen', detail: <LastSeen {...person} /> }]),
          {
            term: 'Last sign-in',
            detail: neverSignedIn ? (
              <span className="text-muted">Never (provisioned)</span>
            ) : (
              <RelativeTime at={lastSignInAt} />
            ),
          },
          ...(provisionedAs === null
            ? []
            : [{ term: 'Provisioned as', detail: <span className="wrap-anywhere font-mono">{provisionedAs}</span> }]),
          { term: 'Known since', detail: <RelativeTime at={createdAt} /> },
          {
            term: 'Access',
            detail: (
              <Link href={personPath(handle, 'access')} prefetch={false} className="text-link">
                {inNumber(spaces, 'owned space')}, {inNumber(credentials, 'active credential')}
              </Link>
            ),
          },
        ]}
      />
    </Section>
  )
}

function PlatformRole({ person, roleState: { isEligible, isBreakGlass, adminUntil, platformRole } }: Props) {
  if (!isEligible && !isBreakGlass) return platformRoleLabels[person.platformRole]
  if (adminUntil === null)
    return (
      <>
        {platformRoleLabels.admin}
        {platformRole !== 'admin' && <span className="text-muted"> · {isBreakGlass ? 'ended' : 'not active'}</span>}
      </>
    )
  return (
    <>
      {platformRoleLabels.admin}, ends <RelativeTime at={adminUntil} />
      {person.adminReason && <p className="wrap-anywhere text-muted">For: {person.adminReason}</p>}
    </>
  )
}

function Groups({ groups, leftOut }: { groups: readonly GroupOfPerson[]; leftOut: number }) {
  return (
    <>
      {groups.length === 0 && <span className="text-muted">None</span>}
      {groups.length <= shown && <GroupNames groups={groups} />}
      {groups.length > shown && (
        <details>
          <summary>{groups.length} groups</summary>
          <GroupNames groups={groups} />
        </details>
      )}
      {leftOut > 0 && <p className="mt-1 text-muted">The provider also sent {leftOut} invalid group names.</p>}
    </>
  )
}

/** When the provider last confirmed the groups, and how long they count. */
const Confirmed = ({ groupsVerifiedAt, groupsUntil, groupsSuspended, groups }: Facts) => (
  <>
    <RelativeTime at={groupsVerifiedAt} />
    {groupsUntil && groups.some(({ from }) => from === 'sign-in') && (
      <p className={groupsSuspended ? 'text-warn' : 'text-muted'}>
        {groupsSuspended ? 'Roles from groups were suspended ' : 'Roles from groups are suspended '}
        <RelativeTime at={groupsUntil} />
        {groupsSuspended && ', until the person signs in again'}.
      </p>
    )}
  </>
)

/** When a person was last seen, and when they will be deactivated. */
const LastSeen = ({ lastSeenAt, unseenEndsAt, deactivatedAt }: Facts) => (
  <>
    <RelativeTime at={lastSeenAt} />
    {unseenEndsAt && !deactivatedAt && (
      <p className="text-warn">
        They will be deactivated <RelativeTime at={unseenEndsAt} /> unless they return. They have been warned.
      </p>
    )}
  </>
)

const sources: Readonly<Record<GroupOfPerson['from'], string>> = {
  provisioning: 'pushed by provisioning',
  'sign-in': 'named by the sign-in',
  overruled: 'named by the sign-in, but ignored because provisioning pushes this group without them',
  'own-token': 'pushed with a token that they requested, approved or took over, so it doesn’t count for them',
}

/** Shows where groups come from, unless all come from sign-ins. */
function GroupNames({ groups }: { groups: readonly GroupOfPerson[] }) {
  const showsSource = groups.some(({ from }) => from !== 'sign-in')
  return (
    <ul className="flex flex-wrap gap-1.5">
      {groups.map(({ name, from }) => (
        <li key={name} className="wrap-anywhere rounded-md bg-sunken px-2 py-0.5">
          <span className={`font-mono ${from === 'overruled' || from === 'own-token' ? 'line-through' : ''}`}>
            {name}
          </span>
          {showsSource && <span className="text-muted"> · {sources[from]}</span>}
        </li>
      ))}
    </ul>
  )
}
