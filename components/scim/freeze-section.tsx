import { ActDialog } from '#components/ui/act-dialog.tsx'
import { Alert } from '#components/ui/alert.tsx'
import type { FormAction } from '#components/ui/form/action-form.tsx'
import { Section } from '#components/ui/section.tsx'
import { RelativeTime } from '#components/ui/time/relative-time.tsx'
import type { ProvisioningFreeze } from '#lib/kernel/model/people/provisioning-view.ts'

/** Shows that provisioning is frozen, since when, by whom and why. */
export const FrozenNotice = ({ freeze, unfreeze }: { freeze: ProvisioningFreeze; unfreeze: FormAction | null }) => (
  <Alert
    kind="warn"
    title="Provisioning is frozen"
    action={
      unfreeze && (
        <ActDialog
          label="Unfreeze provisioning"
          title="Unfreeze provisioning?"
          action={unfreeze}
          given={{}}
          reason="Shown to the other platform admins, and recorded in the audit trail."
          variant="primary"
        >
          <p>
            Every active token can change people and groups again. Your provider may immediately resend refused changes.
          </p>
        </ActDialog>
      )
    }
  >
    <p className="wrap-anywhere">
      Since <RelativeTime at={freeze.frozenAt} />, by {freeze.frozenBy.name} ({freeze.frozenBy.handle}): {freeze.reason}
    </p>
    <p>Every change by a token is refused. People and groups don’t change, and tokens can still read them.</p>
  </Alert>
)

export const FreezeSection = ({ freeze }: { freeze: FormAction }) => (
  <Section
    title="Freeze provisioning"
    description="If a token leaked or the data is wrong, stop all changes until a platform admin unfreezes provisioning."
    actions={
      <ActDialog
        label="Freeze provisioning"
        title="Freeze provisioning?"
        action={freeze}
        given={{}}
        reason="Shown to the other platform admins, and recorded in the audit trail."
      >
        <p>
          Every change by a token is refused, including those in progress. No one is added, and people who leave aren’t
          deactivated: deactivate them yourself until you unfreeze provisioning.
        </p>
      </ActDialog>
    }
  />
)
