import { Alert } from '#components/ui/alert.tsx'
import { Copyable } from '#components/ui/copyable.tsx'
import { DescriptionList } from '#components/ui/description-list.tsx'
import type { FormAction } from '#components/ui/form/action-form.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { Section, SettingsSections } from '#components/ui/section.tsx'
import { SingleKeysChoice } from '#components/ui/single-keys-choice.tsx'
import { RelativeTime } from '#components/ui/time/relative-time.tsx'
import type { PlatformRole } from '#lib/kernel/model/access/role.ts'
import type { Actor } from '#lib/kernel/model/people/person.ts'
import { ActivateLink } from './activate-link.tsx'
import { PersonalData } from './personal-data.tsx'
import { type ProfileSession, ProfileSessions } from './profile-sessions.tsx'

type Props = {
  actor: Actor
  provider: string
  groupsClaim: string
  roleGroups: readonly string[]
  /** Whether they have the platform role by name. */
  isNamed: boolean
  subject: string | null
  groupsVerifiedAt: Date | null
  /** Whether that was too long ago. */
  groupsSuspended: boolean
  leftOutGroups: readonly string[]
  sessions: readonly ProfileSession[]
  endSessions: FormAction
}

const roleWords: Readonly<Record<PlatformRole, { name: string; may: string }>> = {
  member: { name: 'Member', may: 'You can create spaces and use the ones shared with you.' },
  auditor: { name: 'Auditor', may: 'You can also read, search and download the audit trail.' },
  admin: {
    name: 'Platform admin',
    may: 'You can also see every space, decide on requests and read the audit trail. You see a space’s workloads only if you are a member.',
  },
}

function originOf({ isBreakGlass, adminUntil }: Actor, roleGroups: readonly string[], isNamed: boolean): string {
  if (isBreakGlass)
    return adminUntil
      ? 'You have it for an hour, from the break-glass code. You can’t decide requests or reviews, or get spaces and kubeconfigs.'
      : 'The hour is over, or another platform admin ended the role.'
  const groups = `${roleGroups.length === 1 ? 'group' : 'groups'} ${roleGroups.join(', ')}`
  if (isNamed)
    return `You have it because Spaceport’s configuration names you${roleGroups.length > 0 ? `, and because of your ${groups}` : ''}.`
  return roleGroups.length > 0
    ? `You have it because of your ${groups}.`
    : 'Everyone who can sign in has this role. Other roles come from groups, or from Spaceport’s configuration.'
}

export function ProfileView(props: Props) {
  const { actor, provider, groupsClaim, roleGroups, isNamed, subject, sessions, endSessions } = props
  const { groupsVerifiedAt, groupsSuspended, leftOutGroups } = props
  return (
    <>
      <PageHeader title="Profile" />
      <SettingsSections>
        <AccountSection actor={actor} provider={provider} subject={subject} />
        <RoleSection actor={actor} roleGroups={roleGroups} isNamed={isNamed} />
        <GroupsSection
          groups={actor.groups}
          groupsClaim={groupsClaim}
          groupsVerifiedAt={groupsVerifiedAt}
          groupsSuspended={groupsSuspended}
          leftOutGroups={leftOutGroups}
        />
        <ProfileSessions sessions={sessions} endSessions={endSessions} />
        <Section title="Keys" description="Press ? for the list." content="row">
          <SingleKeysChoice />
        </Section>
        <PersonalData />
      </SettingsSections>
    </>
  )
}

function AccountSection({ actor, provider, subject }: Pick<Props, 'actor' | 'provider' | 'subject'>) {
  return (
    <Section
      content="row"
      title="You"
      description={
        actor.isBreakGlass
          ? 'The break-glass account, which the identity provider doesn’t know.'
          : `From the identity provider ${provider}.`
      }
      more={actor.isBreakGlass ? undefined : 'You can change it only there.'}
    >
      <DescriptionList
        items={[
          { term: 'Name', detail: actor.name },
          { term: 'Email', detail: actor.email === '' ? 'Not provided' : actor.email },
          ...(subject === null
            ? []
            : [
                {
                  term: 'Subject',
                  detail: <Copyable text={subject} what="your subject" />,
                },
              ]),
          {
            term: 'Handle',
            detail: (
              <>
                <Copyable text={actor.handle} what="your handle" />
                <p className="text-muted">Your permanent name on the clusters.</p>
              </>
            ),
          },
        ]}
      />
    </Section>
  )
}

function RoleSection({ actor, roleGroups, isNamed }: Pick<Props, 'actor' | 'roleGroups' | 'isNamed'>) {
  const role = roleWords[actor.platformRole]
  return (
    <Section title="Platform role" content="row">
      <p className="font-medium">{role.name}</p>
      <p className="mt-1 max-w-prose text-muted text-sm">{role.may}</p>
      {actor.isEligible && actor.platformRole !== 'admin' && (
        <div className="mt-3 space-y-2">
          <p className="max-w-prose text-sm">
            You can also be a platform admin: activate the role with a reason, for a limited time.
          </p>
          <ActivateLink size="sm" />
        </div>
      )}
      <p className="mt-1 max-w-prose text-muted text-sm">{originOf(actor, roleGroups, isNamed)}</p>
    </Section>
  )
}

type GroupsProps = Pick<Props, 'groupsClaim' | 'groupsVerifiedAt' | 'groupsSuspended' | 'leftOutGroups'> & {
  groups: readonly string[]
}

function GroupsSection({ groups, groupsClaim, groupsVerifiedAt, groupsSuspended, leftOutGroups }: GroupsProps) {
  return (
    <Section
      content="row"
      title="Groups"
      description={`From the provider’s “${groupsClaim}” claim.`}
      more="A change takes effect at your next sign-in, often sooner."
    >
      {groups.length === 0 ? (
        <p className="text-muted text-sm">
          {groupsSuspended
            ? 'Your groups are suspended until the identity provider confirms them. Sign in again.'
            : 'The identity provider lists no groups for you.'}
        </p>
      ) : (
        <ul className="flex flex-wrap gap-1.5">
          {groups.map((group) => (
            <li key={group} className="wrap-anywhere rounded-md bg-sunken px-2 py-0.5 font-mono text-sm">
              {group}
            </li>
          ))}
        </ul>
      )}
      {groupsVerifiedAt && (
        <p className="mt-3 text-muted text-sm">
          Last confirmed <RelativeTime at={groupsVerifiedAt} />.
        </p>
      )}
      {leftOutGroups.length > 0 && <LeftOutGroups groups={leftOutGroups} />}
    </Section>
  )
}

/** Names of groups that Spaceport can’t use. */
function LeftOutGroups({ groups }: { groups: readonly string[] }) {
  return (
    <Alert
      kind="warn"
      title={groups.length === 1 ? 'One group was ignored' : `${groups.length} groups were ignored`}
      className="mt-3"
    >
      <p>
        The identity provider sent group names that Spaceport can’t use, so they give you no access. Ask your Spaceport
        operator to fix them:
      </p>
      <ul className="list-disc pl-5">
        {groups.slice(0, 20).map((group) => (
          <li key={group} className="wrap-anywhere font-mono">
            {group}
          </li>
        ))}
      </ul>
    </Alert>
  )
}
