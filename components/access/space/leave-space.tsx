'use client'

import { SpaceFields } from '#components/spaces/space-fields.tsx'
import type { SpaceAddress } from '#components/spaces/space-path.ts'
import { DialogActions, DialogButton } from '#components/ui/dialog.tsx'
import { ActionForm, type FormAction } from '#components/ui/form/action-form.tsx'
import { SubmitButton } from '#components/ui/form/submit-button.tsx'

/** Leaves a space, for everyone but its owner. */
export function LeaveSpace({ address, leave }: { address: SpaceAddress; leave: FormAction }) {
  return (
    <DialogButton label="Leave space" icon="sign-out" title={`Leave ${address.name}?`}>
      <ActionForm action={leave} okMessage={`You left ${address.name}.`}>
        <SpaceFields space={address} />
        <p>
          You lose your role immediately, and your kubeconfigs stop working for this space. To come back, someone has to
          add you again. You keep any access you have through a group.
        </p>
        <DialogActions>
          <SubmitButton variant="danger">Leave</SubmitButton>
        </DialogActions>
      </ActionForm>
    </DialogButton>
  )
}
