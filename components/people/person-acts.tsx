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
  /** Whether they have a role as platform admin that ends. */
  isAdminUntil: boolean
  isSelf: boolean
  isOffboarded: boolean
  actions: PersonActions
}

const inTrail = 'It is recorded in the audit trail.'

/** What a platform admin may do to a person as a whole. @param spaces how many they own, in words */
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
              They can sign in again, as the same person, but with nothing: their roles and spaces are gone for good,
              except for spaces that wait for their end ({spaces}). Groups count again from their next sign-in. A
              certificate that is still open stays open.
            </p>
          ) : (
            <p>
              They can sign in again, as the same person: with the spaces they own ({spaces}) and every role that they
              still have.
            </p>
          )}
          <p className="text-muted">Sessions and credentials that ended stay ended.</p>
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
          reason="They read it, and it is recorded in the audit trail."
        >
          <p>They are no platform admin from now on: what they have open as one stops working.</p>
          <p className="text-muted">
            While their groups or Spaceport’s configuration say so, they can activate it again. To shut them out,
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
            {inNumber(sessions, 'browser session')} {sessions === 1 ? 'ends' : 'end'} now. They can sign in again at
            once.
          </p>
          <p className="text-muted">Their credentials go on working; revoke those separately.</p>
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
            {inNumber(credentials, 'credential')} {credentials === 1 ? 'stops' : 'stop'} working now, wherever copied,
            and open logs, watches, shells and port-forwards are cut.
          </p>
          <p className="text-muted">They can download new kubeconfigs at once.</p>
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
          <p>They are shut out now, until a platform admin reactivates them:</p>
          <ul className="list-disc space-y-1 pl-5">
            <li>
              {inNumber(sessions, 'session')} {sessions === 1 ? 'ends' : 'end'}, and they can’t sign in again;
            </li>
            <li>
              {inNumber(credentials, 'credential')} {credentials === 1 ? 'is' : 'are'} revoked for good;
            </li>
            <li>every open log, watch, shell and port-forward of theirs is cut;</li>
            <li>they are removed from their spaces on the clusters.</li>
            {tokens.length > 0 && (
              <li>
                provisioning with {tokens.join(' and ')} stops, until another platform admin takes over from them.
              </li>
            )}
          </ul>
          <p className="text-muted">The spaces they own ({spaces}) and the roles they were given stay.</p>
        </ActDialog>
      )}
      {!isSelf && <OffboardButton handle={handle} />}
    </>
  )
}

/** Leads to the page where it is decided what becomes of everything. */
const OffboardButton = ({ handle }: { handle: string }) => (
  <form action={`${personPath(handle)}/offboard`}>
    <Button type="submit" variant="danger-outline">
      Offboard
    </Button>
  </form>
)
