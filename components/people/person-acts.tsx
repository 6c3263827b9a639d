import { ActDialog } from '#components/ui/act-dialog.tsx'
import { Button } from '#components/ui/button.tsx'
import type { FormAction } from '#components/ui/form/action-form.tsx'
import { inNumber } from '#lib/kernel/model/in-number.ts'
import type { PersonFacts } from '#lib/kernel/model/people/person-view.ts'
import { personPath } from './people-list-data.ts'

export type PersonActions = {
  endAdminRole: FormAction
  deactivate: FormAction
  reactivate: FormAction
  signOut: FormAction
  revokeAll: FormAction
}

type Props = {
  person: PersonFacts
  /** Whether their platform admin role has an end. */
  isAdminUntil: boolean
  isSelf: boolean
  isOffboarded: boolean
  actions: PersonActions
}

const inTrail = 'Recorded in the audit trail.'

/** The actions of a platform admin on a person. */
export function PersonActs({ person, isAdminUntil, isSelf, isOffboarded, actions }: Props) {
  const { handle, sessions, credentials, deactivatedAt } = person
  if (deactivatedAt)
    return (
      <>
        {!isOffboarded && <OffboardButton handle={handle} />}
        <Reactivate person={person} isOffboarded={isOffboarded} action={actions.reactivate} />
      </>
    )
  return (
    <>
      {isAdminUntil && !isSelf && <EndAdminRole person={person} action={actions.endAdminRole} />}
      {sessions > 0 && <SignOut person={person} action={actions.signOut} />}
      {credentials > 0 && <RevokeAll person={person} action={actions.revokeAll} />}
      {!isSelf && <Deactivate person={person} action={actions.deactivate} />}
      {!isSelf && <OffboardButton handle={handle} />}
    </>
  )
}

type ActProps = Pick<Props, 'person'> & { action: FormAction }

function Reactivate({ person, isOffboarded, action }: ActProps & Pick<Props, 'isOffboarded'>) {
  const { id, name, spaces } = person
  return (
    <ActDialog
      label="Reactivate"
      title={`Reactivate ${name}?`}
      action={action}
      given={{ id }}
      reason={inTrail}
      variant="secondary"
    >
      {isOffboarded ? (
        <p>
          They can sign in again as the same person, but without access: their roles and spaces are gone for good,
          except for spaces that have yet to end ({spaces}). Their groups count again from their next sign-in. An open
          certificate stays open.
        </p>
      ) : (
        <p>
          They can sign in again as the same person, with the spaces they own ({spaces}) and all their remaining roles.
        </p>
      )}
      <p className="text-muted">Ended sessions and revoked credentials are not restored.</p>
    </ActDialog>
  )
}

function EndAdminRole({ person, action }: ActProps) {
  return (
    <ActDialog
      label="End admin role"
      title={`End the admin role of ${person.name}?`}
      action={action}
      given={{ id: person.id }}
      reason="Shown to them, and recorded in the audit trail."
    >
      <p>They stop being a platform admin immediately, including on pages they have open.</p>
      <p className="text-muted">
        They can activate it again as long as their groups or Spaceport’s configuration allow it. To block them,
        deactivate them.
      </p>
    </ActDialog>
  )
}

function SignOut({ person, action }: ActProps) {
  const { id, name, sessions } = person
  return (
    <ActDialog
      label="Sign out everywhere"
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
    <ActDialog label="Deactivate" title={`Deactivate ${name}?`} action={action} given={{ id }} reason={inTrail}>
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

/** Links to the page for offboarding. */
const OffboardButton = ({ handle }: { handle: string }) => (
  <form action={`${personPath(handle)}/offboard`}>
    <Button type="submit" variant="danger-outline">
      Offboard
    </Button>
  </form>
)
