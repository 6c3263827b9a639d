import { SpaceFields } from '#components/spaces/space-fields.tsx'
import type { SpaceAddress } from '#components/spaces/space-path.ts'
import { ActionForm, type FormAction } from '#components/ui/form/action-form.tsx'
import { DateField } from '#components/ui/form/date-field.tsx'
import { FormActions } from '#components/ui/form/form-actions.tsx'
import { SubmitButton } from '#components/ui/form/submit-button.tsx'
import { TextAreaField } from '#components/ui/form/text-area-field.tsx'

type Props = {
  address: SpaceAddress
  ask: FormAction
  /** The first day that needs approval: `YYYY-MM-DD`. */
  from: string
}

/** Requests a later end for a space that was approved until a day. */
export const MoreTimeForm = ({ address, ask, from }: Props) => (
  <ActionForm action={ask} label="More time" className="space-y-4">
    <SpaceFields space={address} />
    <DateField
      label="New end"
      name="endsAt"
      min={from}
      className="[&_input]:max-w-56"
      hint="Leave empty to ask for no end date."
    />
    <TextAreaField
      label="Reason"
      name="reason"
      required
      maxLength={1000}
      hint="Shown to the platform admin who decides, and stored in the audit trail."
    />
    <FormActions>
      <SubmitButton>Request more time</SubmitButton>
    </FormActions>
  </ActionForm>
)
