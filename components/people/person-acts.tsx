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
  spaces: string
  /** Whether their platform admin role has an end. */
  isAdminUntil: boolean
  isSelf: boolean
  isOffboarded: boolean
  actions: PersonActions
}

const inTrail = 'Recorded in the audit trail.'

/**
 * The actions of a platform admin on a person.
 * @param spaces the number of spaces they own, in words
 */
export function PersonActs({ person, spaces, isAdminUntil, isSelf, isOffboarded, actions }: Props) {
  const { id, handle, name, sessions, credentials, deactivatedAt, tokens } = person
  if (deactivatedAt)
    return (
      <>
        {!isOffboarded && <OffboardButton handle={handle} />}
        <ActDialog
          label="Reactivate"
          title={`Reactivate ${name}?`}
          action={actions.reactivate}
          given={{ id }}
          reason={inTrail}
          variant="secondary"
        >
          {isOffboarded ? (
            <p>
              They can sign in again as the same person, but without access: their roles and spaces are gone for good,
              except for spaces that have yet to end ({spaces}). Their groups count again from their next sign-in. An
              open certificate stays open.
            </p>
          ) : (
            <p>
              They can sign in again as the same person, with the spaces they own ({spaces}) and all their remaining
              roles.
            </p>
          )}
          <p className="text-muted">Ended sessions and revoked credentials are not restored.</p>
        </ActDialog>
      </>
    )
  return (
    <>
      {isAdminUntil && !isSelf && (
        <ActDialog
          label="End admin role"
          title={`End the admin role of ${name}?`}
          action={actions.endAdminRole}
          given={{ id }}
          reason="Shown to them, and recorded in the audit trail."
        >
          <p>They stop being a platform admin immediately, including on pages they have open.</p>
          <p className="text-muted">
            They can activate it again as long as their groups or Spaceport’s configuration allow it. To block them,
            deactivate them.
          </p>
        </ActDialog>
      )}
      {sessions > 0 && (
        <ActDialog
          label="Sign out everywhere"
          title={`Sign ${name} out everywhere?`}
          action={actions.signOut}
          given={{ id }}
          reason={null}
        >
          <p>
            {inNumber(sessions, 'browser session')} {sessions === 1 ? 'ends' : 'end'} now. They can sign in again
            immediately.
          </p>
          <p className="text-muted">Their credentials keep working. Revoke those separately.</p>
        </ActDialog>
      )}
      {credentials > 0 && (
        <ActDialog
          label="Revoke all credentials"
          title={`Revoke all credentials of ${name}?`}
          action={actions.revokeAll}
          given={{ person: handle }}
          reason={inTrail}
        >
          <p>
            {inNumber(credentials, 'credential')} {credentials === 1 ? 'stops' : 'stop'} working immediately, including
            all copies, and open logs, watches, shells and port-forwards are cut.
          </p>
          <p className="text-muted">They can download new kubeconfigs immediately.</p>
        </ActDialog>
      )}
      {!isSelf && (
        <ActDialog
          label="Deactivate"
          title={`Deactivate ${name}?`}
          action={actions.deactivate}
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
      )}
      {!isSelf && <OffboardButton handle={handle} />}
    </>
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
