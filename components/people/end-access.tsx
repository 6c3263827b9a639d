import type { ReactNode } from 'react'
import { ActDialog } from '#components/ui/act-dialog.tsx'
import type { FormAction } from '#components/ui/form/action-form.tsx'
import { Section } from '#components/ui/section.tsx'
import { inNumber } from '#lib/kernel/model/in-number.ts'
import type { PersonFacts } from '#lib/kernel/model/people/person-view.ts'

type Props = {
  person: PersonFacts
  isSelf: boolean
  actions: { deactivate: FormAction; signOut: FormAction; revokeAll: FormAction }
}

const inTrail = 'Recorded in the audit trail.'

/** What a platform admin can end for a person, short of offboarding. */
export function EndAccess({ person, isSelf, actions }: Props) {
  const { sessions, credentials } = person
  const rows: readonly (Row | false)[] = [
    sessions > 0 && {
      what: inNumber(sessions, 'browser session'),
      act: <SignOut person={person} action={actions.signOut} />,
    },
    credentials > 0 && {
      what: inNumber(credentials, 'active credential'),
      act: <RevokeAll person={person} action={actions.revokeAll} />,
    },
    !isSelf && {
      what: 'All access, until reactivated. They keep their spaces and roles; offboarding ends those too.',
      act: <Deactivate person={person} action={actions.deactivate} />,
    },
  ]
  const shown = rows.filter((row) => row !== false)
  if (person.deactivatedAt !== null || shown.length === 0) return null
  return (
    <Section title="End access" id="end-access" content="flush">
      <ul className="divide-y">
        {shown.map(({ what, act }) => (
          <li key={what} className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 px-4 py-2.5 sm:px-5">
            <span className="text-sm">{what}</span>
            {act}
          </li>
        ))}
      </ul>
    </Section>
  )
}

type Row = { what: string; act: ReactNode }
type ActProps = Pick<Props, 'person'> & { action: FormAction }

function SignOut({ person, action }: ActProps) {
  const { id, name, sessions } = person
  return (
    <ActDialog
      label="Sign out everywhere"
      variant="secondary"
      isDanger
      title={`Sign ${name} out everywhere?`}
      action={action}
      given={{ id }}
      reason={null}
    >
      <p>
        {inNumber(sessions, 'browser session')} {sessions === 1 ? 'ends' : 'end'} now. They can sign in again
        immediately.
      </p>
      <p className="text-muted">Their credentials keep working. Revoke those separately.</p>
    </ActDialog>
  )
}

function RevokeAll({ person, action }: ActProps) {
  const { handle, name, credentials } = person
  return (
    <ActDialog
      label="Revoke all credentials"
      variant="secondary"
      isDanger
      title={`Revoke all credentials of ${name}?`}
      action={action}
      given={{ person: handle }}
      reason={inTrail}
    >
      <p>
        {inNumber(credentials, 'credential')} {credentials === 1 ? 'stops' : 'stop'} working immediately, including all
        copies, and open logs, watches, shells and port-forwards are cut.
      </p>
      <p className="text-muted">They can download new kubeconfigs immediately.</p>
    </ActDialog>
  )
}

function Deactivate({ person, action }: ActProps) {
  const { id, name, sessions, credentials, spaces, tokens } = person
  return (
    <ActDialog
      label="Deactivate"
      variant="secondary"
      isDanger
      title={`Deactivate ${name}?`}
      action={action}
      given={{ id }}
      reason={inTrail}
    >
      <p>They lose all access until a platform admin reactivates them:</p>
      <ul className="list-disc space-y-1 pl-5">
        <li>
          {inNumber(sessions, 'session')} {sessions === 1 ? 'ends' : 'end'}, and they can’t sign in again;
        </li>
        <li>
          {inNumber(credentials, 'credential')} {credentials === 1 ? 'is' : 'are'} revoked for good;
        </li>
        <li>their open logs, watches, shells and port-forwards are cut;</li>
        <li>they are removed from their spaces on the clusters.</li>
        {tokens.length > 0 && (
          <li>provisioning with {tokens.join(' and ')} stops until another platform admin takes over.</li>
        )}
      </ul>
      <p className="text-muted">They keep their spaces ({spaces}) and roles.</p>
    </ActDialog>
  )
}
