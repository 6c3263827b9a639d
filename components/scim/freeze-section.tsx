import { ActDialog } from '#components/ui/act-dialog.tsx'
import { Alert } from '#components/ui/alert.tsx'
import type { FormAction } from '#components/ui/form/action-form.tsx'
import { Section } from '#components/ui/section.tsx'
import { RelativeTime } from '#components/ui/time/relative-time.tsx'
import type { ProvisioningFreeze } from '#lib/kernel/model/people/provisioning-view.ts'

/** That provisioning is frozen, since when, by whom and why. */
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
          reason="The other platform admins see it, and the trail keeps it."
          variant="primary"
        >
          <p>
            Every token in force can change people and groups again. Your provider may immediately resend what was
            refused.
          </p>
        </ActDialog>
      )
    }
  >
    <p className="wrap-anywhere">
      Since <RelativeTime at={freeze.frozenAt} />, by {freeze.frozenBy.name} ({freeze.frozenBy.handle}): {freeze.reason}
    </p>
    <p>Every change by a token is refused. People and groups stay as they are, and tokens can still read them.</p>
  </Alert>
)

/** The button that freezes provisioning. */
export const FreezeSection = ({ freeze }: { freeze: FormAction }) => (
  <Section
    title="Freeze provisioning"
    description="Use this if a token may have leaked or the provider sends wrong data. Provisioning changes nothing until a platform admin unfreezes it."
    actions={
      <ActDialog
        label="Freeze provisioning"
        title="Freeze provisioning?"
        action={freeze}
        given={{}}
        reason="The other platform admins see it, and the trail keeps it."
      >
        <p>
          Every change by a token is refused, including those in progress: nobody is added, and people who leave aren’t
          deactivated. Deactivate them yourself until you unfreeze provisioning.
        </p>
      </ActDialog>
    }
  />
)
