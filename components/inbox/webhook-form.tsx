import { ActionForm, type FormAction } from '#components/ui/form/action-form.tsx'
import { FormActions } from '#components/ui/form/form-actions.tsx'
import { SelectField } from '#components/ui/form/select-field.tsx'
import { SubmitButton } from '#components/ui/form/submit-button.tsx'
import { TextField } from '#components/ui/form/text-field.tsx'
import type { NewSecret, WebhookView } from '#lib/features/inbox/model/webhook-view.ts'
import { sentByDefault } from '#lib/kernel/model/inbox/event-choices.ts'
import type { WebhookFormat } from '#lib/kernel/model/inbox/webhook-format.ts'
import { EventGroupFields } from './event-group-fields.tsx'

const formats: readonly { value: WebhookFormat; label: string }[] = [
  { value: 'spaceport', label: 'Spaceport (JSON, signed)' },
  { value: 'slack', label: 'Slack' },
  { value: 'teams', label: 'Microsoft Teams' },
]

type Props = { webhook: WebhookView | null; setUp: FormAction<NewSecret>; change: FormAction<NewSecret> }

/** Where events go, how they look there, and which. */
export const WebhookForm = ({ webhook, setUp, change }: Props) => (
  <ActionForm action={webhook ? change : setUp} label="By webhook" className="space-y-4">
    <div className="grid gap-4 sm:grid-cols-[1fr_16rem]">
      <TextField
        mono
        label="URL"
        name="url"
        type="url"
        optional={webhook !== null}
        placeholder="https://"
        hint={webhook ? `Leave it empty to keep the one at ${webhook.host}.` : 'Kept sealed: it isn’t shown again.'}
      />
      <SelectField label="Format" name="format" defaultValue={webhook?.format ?? 'spaceport'} options={formats} />
    </div>
    <EventGroupFields legend="What reaches your webhook" choices={webhook?.choices ?? sentByDefault} />
    <FormActions>
      <SubmitButton>{webhook ? 'Save webhook' : 'Set up webhook'}</SubmitButton>
    </FormActions>
  </ActionForm>
)
