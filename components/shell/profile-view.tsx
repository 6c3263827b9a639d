import type { Actor } from '#lib/domain/person.ts'
import type { PlatformRole } from '#lib/domain/role.ts'
import { DescriptionList } from '../ui/description-list.tsx'
import { PageHeader } from '../ui/page-header.tsx'
import { RelativeTime } from '../ui/relative-time.tsx'
import { Section } from '../ui/section.tsx'

type Props = {
  actor: Actor
  issuer: string
  groupsClaim: string
  roleGroups: readonly string[]
  sessions: readonly {
    id: string
    current: boolean
    createdAt: Date
    lastSeenAt: Date
    expiresAt: Date
    sourceAddress: string | null
    userAgent: string | null
  }[]
}

const roleWords: Readonly<Record<PlatformRole, { name: string; may: string }>> = {
  member: { name: 'Member', may: 'You create spaces and use those that are shared with you.' },
  auditor: { name: 'Auditor', may: 'You also read, search and export the audit trail.' },
  admin: {
    name: 'Platform admin',
    may: 'You also see every space, decide on requests, and read the audit trail. What runs inside of a space you see only if you are in it.',
  },
}

/** Who one is here, and where each of it comes from. */
export function ProfileView({ actor, issuer, groupsClaim, roleGroups, sessions }: Props) {
  const role = roleWords[actor.platformRole]
  return (
    <>
      <PageHeader title="Profile" description="Who you are here, and where that comes from." />
      <div className="grid gap-4">
        <Section
          title="You"
          description={`From the identity provider ${issuer}, as of your last sign-in. It is changed there, not here.`}
        >
          <DescriptionList
            items={[
              { term: 'Name', detail: actor.name },
              { term: 'E-mail', detail: actor.email === '' ? 'None given' : actor.email },
              {
                term: 'Handle',
                detail: (
                  <>
                    <code className="font-mono">{actor.handle}</code>
                    <p className="text-muted">
                      Made by Spaceport at your first sign-in and yours for good: the clusters know you by it.
                    </p>
                  </>
                ),
              },
            ]}
          />
        </Section>
        <Section title="Platform role">
          <p className="font-medium">{role.name}</p>
          <p className="mt-1 max-w-prose text-muted text-sm">{role.may}</p>
          <p className="mt-1 max-w-prose text-muted text-sm">
            {roleGroups.length > 0
              ? `It comes from your ${roleGroups.length === 1 ? 'group' : 'groups'} ${roleGroups.join(', ')}.`
              : 'Everybody has it who can sign in; the other roles come from groups.'}
          </p>
        </Section>
        <Section
          title="Groups"
          description={`From the claim “${groupsClaim}” at your last sign-in. A change there counts once you sign in again.`}
        >
          {actor.groups.length === 0 ? (
            <p className="text-muted text-sm">You are in no group that the identity provider tells Spaceport of.</p>
          ) : (
            <ul className="flex flex-wrap gap-1.5">
              {actor.groups.map((group) => (
                <li key={group} className="break-all rounded-md bg-sunken px-2 py-0.5 font-mono text-sm">
                  {group}
                </li>
              ))}
            </ul>
          )}
        </Section>
        <Section
          title="Sessions"
          description="Browsers in which you are signed in. Each ends after eight hours, or after one hour without use."
        >
          <ul className="divide-y">
            {sessions.map((session) => (
              <li key={session.id} className="py-2.5 text-sm first:pt-0 last:pb-0">
                <p className="font-medium">
                  {session.current ? 'This browser' : 'Another browser'}
                  <span className="font-normal text-muted">
                    {' '}
                    · from {session.sourceAddress ?? 'an unknown address'}
                  </span>
                </p>
                <p className="break-words text-muted">{session.userAgent ?? 'Unknown browser'}</p>
                <p className="text-muted">
                  Signed in <RelativeTime at={session.createdAt} />, last used <RelativeTime at={session.lastSeenAt} />,
                  ends <RelativeTime at={session.expiresAt} />
                </p>
              </li>
            ))}
          </ul>
        </Section>
      </div>
    </>
  )
}
