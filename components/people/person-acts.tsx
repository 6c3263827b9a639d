import { ActDialog } from '#components/ui/act-dialog.tsx'
import { Button } from '#components/ui/button.tsx'
import type { FormAction } from '#components/ui/form/action-form.tsx'
import type { PersonFacts } from '#lib/kernel/model/people/person-view.ts'
import { personPath } from './people-list-data.ts'

export type PersonActions = { endAdminRole: FormAction; reactivate: FormAction }

type Props = {
  person: PersonFacts
  /** Whether their platform admin role has an end. */
  isAdminUntil: boolean
  isSelf: boolean
  isOffboarded: boolean
  actions: PersonActions
}

/** What a platform admin can do on each of a person’s pages. */
export const PersonActs = ({ person, isAdminUntil, isSelf, isOffboarded, actions }: Props) => (
  <>
    {person.deactivatedAt && <Reactivate person={person} isOffboarded={isOffboarded} action={actions.reactivate} />}
    {isAdminUntil && !isSelf && !person.deactivatedAt && <EndAdminRole person={person} action={actions.endAdminRole} />}
    {!isSelf && !isOffboarded && <OffboardButton handle={person.handle} />}
  </>
)

type ActProps = Pick<Props, 'person'> & { action: FormAction }

function Reactivate({ person, isOffboarded, action }: ActProps & Pick<Props, 'isOffboarded'>) {
  const { id, name, spaces } = person
  return (
    <ActDialog
      label="Reactivate"
      title={`Reactivate ${name}?`}
      action={action}
      given={{ id }}
      reason="Recorded in the audit trail."
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
      variant="secondary"
      isDanger
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

/** Links to the page for offboarding. */
const OffboardButton = ({ handle }: { handle: string }) => (
  <form action={`${personPath(handle)}/offboard`}>
    <Button type="submit" variant="danger-outline">
      Offboard
    </Button>
  </form>
)
