import { ActDialog } from '#components/ui/act-dialog.tsx'
import type { FormAction } from '#components/ui/form/action-form.tsx'
import { Section } from '#components/ui/section.tsx'
import { AbsoluteTime } from '#components/ui/time/absolute-time.tsx'
import { RelativeTime } from '#components/ui/time/relative-time.tsx'
import { browserInWords } from './browser-in-words.ts'

export type ProfileSession = {
  id: string
  current: boolean
  createdAt: Date
  lastSeenAt: Date
  expiresAt: Date
  sourceAddress: string | null
  userAgent: string | null
}

type Props = { sessions: readonly ProfileSession[]; endSessions: FormAction }

/** `Firefox 140 on Windows, from 192.0.2.1` */
const sessionInWords = ({ userAgent, sourceAddress }: ProfileSession): string =>
  `${browserInWords(userAgent) ?? 'an unknown browser'}, from ${sourceAddress ?? 'an unknown address'}`

/** The person’s sessions, and how to end them. */
export function ProfileSessions({ sessions, endSessions }: Props) {
  const here = sessions.find(({ current }) => current)
  const others = sessions.filter(({ current }) => !current)
  return (
    <Section
      content="row"
      title="Sessions"
      description="A session ends after eight hours, or after one hour of inactivity."
      actions={
        here &&
        others.length > 0 && (
          <ActDialog
            label="Sign out everywhere else"
            title="Sign out everywhere else?"
            action={endSessions}
            given={{ choice: 'except', session: here.id }}
            reason={null}
            size="sm"
            variant="secondary"
            isDanger
          >
            <p>All other sessions end now. Your kubeconfigs keep working; revoke them on the Credentials page.</p>
          </ActDialog>
        )
      }
    >
      <ul className="divide-y">
        {[...(here ? [here] : []), ...others].map((session) => (
          <SessionRow key={session.id} session={session} endSessions={endSessions} />
        ))}
      </ul>
    </Section>
  )
}

function SessionRow({ session, endSessions }: { session: ProfileSession; endSessions: FormAction }) {
  return (
    <li className="flex flex-wrap items-start justify-between gap-2 py-2.5 text-sm first:pt-0 last:pb-0">
      <div>
        <p className="font-medium">
          {session.current ? 'This browser' : 'Another browser'}
          <span className="font-normal text-muted"> · from {session.sourceAddress ?? 'an unknown address'}</span>
        </p>
        <p className="wrap-anywhere text-muted" title={session.userAgent ?? undefined}>
          {browserInWords(session.userAgent) ?? session.userAgent ?? 'Unknown browser'}
        </p>
        <p className="text-muted">
          Signed in <RelativeTime at={session.createdAt} />, last used <RelativeTime at={session.lastSeenAt} />, ends{' '}
          <AbsoluteTime at={session.expiresAt} />
        </p>
      </div>
      {!session.current && (
        <ActDialog
          label="Sign out"
          accessibleLabel={`Sign out ${sessionInWords(session)}`}
          title="Sign out that browser?"
          action={endSessions}
          given={{ choice: 'only', session: session.id }}
          reason={null}
          size="sm"
          variant="secondary"
          isDanger
        >
          <p>
            The session of {sessionInWords(session)} ends now. If it wasn’t you, change your password at the identity
            provider too, and check your Credentials page.
          </p>
        </ActDialog>
      )}
    </li>
  )
}
