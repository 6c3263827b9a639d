'use client'

import { ActionForm, type FormAction } from '#components/ui/form/action-form.tsx'
import { FormActions } from '#components/ui/form/form-actions.tsx'
import { SelectField } from '#components/ui/form/select-field.tsx'
import { SubmitButton } from '#components/ui/form/submit-button.tsx'
import { TextAreaField } from '#components/ui/form/text-area-field.tsx'
import { LinkButton } from '#components/ui/link-button.tsx'
import { useOpenPage } from '#components/ui/live/page-refresh.ts'
import { minutesInWords } from '#lib/kernel/model/access/role-term.ts'

/** In minutes. */
const usual = [15, 30, 60, 120, 240, 480]
const preferred = 60

type Props = {
  action: FormAction
  /** In minutes. */
  longest: number
  back: string
}

export function ActivateAdminForm({ action, longest, back }: Props) {
  const openPage = useOpenPage()
  const choices = [...usual.filter((minutes) => minutes < longest), longest]
  return (
    <ActionForm action={action} onOk={() => openPage(back)}>
      <div className="space-y-4">
        <TextAreaField
          label="Reason"
          name="reason"
          rows={3}
          maxLength={1000}
          hint="What you plan to do. The other admins see it."
        />
        <SelectField
          label="Duration"
          name="minutes"
          defaultValue={String(Math.min(preferred, longest))}
          options={choices.map((minutes) => ({ value: String(minutes), label: minutesInWords(minutes) }))}
        />
        <FormActions>
          <SubmitButton icon="key">Activate</SubmitButton>
          <LinkButton href={back}>Cancel</LinkButton>
        </FormActions>
      </div>
    </ActionForm>
  )
}
