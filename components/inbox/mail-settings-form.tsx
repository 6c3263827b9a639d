import { ActionForm, type FormAction } from '#components/ui/form/action-form.tsx'
import { FormActions } from '#components/ui/form/form-actions.tsx'
import { SubmitButton } from '#components/ui/form/submit-button.tsx'
import type { EventChoices } from '#lib/kernel/model/inbox/event-choices.ts'
import { EventGroupFields } from './event-group-fields.tsx'

/** Chooses the events that reach the person by mail. */
export const MailSettingsForm = ({ choices, action }: { choices: EventChoices; action: FormAction }) => (
  <ActionForm action={action} label="By email" okMessage="Email settings saved." className="space-y-4">
    <EventGroupFields legend="Email me about" choices={choices} />
    <FormActions>
      <SubmitButton>Save</SubmitButton>
    </FormActions>
  </ActionForm>
)
