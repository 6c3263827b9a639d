import { ActionForm, type FormAction } from '#components/ui/action-form.tsx'
import { SubmitButton } from '#components/ui/submit-button.tsx'
import type { EventGroup } from '#lib/domain/event.ts'
import type { MailChoices } from '#lib/domain/mail-choices.ts'

const groups: readonly { group: EventGroup; label: string; detail: string }[] = [
  { group: 'waiting', label: 'What waits for you', detail: 'Requests that you decide, and spaces offered to you.' },
  { group: 'decided', label: 'Your requests', detail: 'They were approved or denied, or they expired.' },
  { group: 'access', label: 'Your access', detail: 'Roles given, changed or removed, kubeconfigs revoked.' },
  { group: 'spaces', label: 'Your spaces', detail: 'Answers to your offers, and what platform admins do.' },
  {
    group: 'endings',
    label: 'What ends soon',
    detail: 'Your spaces, roles and kubeconfigs: 7, 3 and 1 days before. Roles of a day or less: minutes before.',
  },
]

/** Which events also reach the person by mail. */
export const MailSettingsForm = ({ choices, action }: { choices: MailChoices; action: FormAction }) => (
  <ActionForm action={action} okMessage="Saved.">
    <fieldset className="space-y-3">
      <legend className="sr-only">What reaches you by mail</legend>
      {groups.map(({ group, label, detail }) => (
        <label key={group} className="flex items-start gap-2.5">
          <input
            type="checkbox"
            name={group}
            defaultChecked={choices[group]}
            className="mt-1 size-4 shrink-0 accent-accent-fill"
          />
          <span>
            <span className="block font-medium">{label}</span>
            <span className="block text-muted text-sm">{detail}</span>
          </span>
        </label>
      ))}
    </fieldset>
    <SubmitButton className="mt-4">Save</SubmitButton>
  </ActionForm>
)
