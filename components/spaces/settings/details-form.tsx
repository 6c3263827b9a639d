'use client'

import { useState } from 'react'
import { SpaceFields } from '#components/spaces/space-fields.tsx'
import type { SpaceAddress } from '#components/spaces/space-path.ts'
import { ActionForm, type FormAction } from '#components/ui/form/action-form.tsx'
import { DateField } from '#components/ui/form/date-field.tsx'
import { FormActions } from '#components/ui/form/form-actions.tsx'
import { OnlyChanged } from '#components/ui/form/only-changed.tsx'
import { SubmitButton } from '#components/ui/form/submit-button.tsx'
import { TextAreaField } from '#components/ui/form/text-area-field.tsx'
import { dayInFull } from '#components/ui/time/time-in-words.ts'

type Props = {
  address: SpaceAddress
  update: FormAction
  description: string
  lastDay: string
  tomorrow: string
  /** The latest last day that the policy allows; null: no end is needed. */
  latestDay: string | null
  /** Whether the person may move the end forward, which deletes the space. */
  mayDelete: boolean
}

/** Description and end of a space. */
export function DetailsForm({ address, update, description, lastDay, tomorrow, latestDay, mayDelete }: Props) {
  const [saved, setSaved] = useState(0)
  return (
    <ActionForm action={update} label="Details" onOk={() => setSaved((count) => count + 1)} className="space-y-4">
      <SpaceFields space={address} />
      <OnlyChanged shown={{ description, endsAt: lastDay }} saved={saved} />
      <TextAreaField label="Description" name="description" maxLength={500} rows={2} defaultValue={description} />
      <DateField
        label="Ends"
        name="endsAt"
        optional={latestDay === null}
        min={tomorrow}
        presetsFrom={tomorrow}
        max={latestDay ?? undefined}
        defaultValue={lastDay}
        className="[&_input]:max-w-56"
        hint={`The space and everything in it are deleted at the end of this day (UTC). ${latestDay === null ? 'Leave empty to keep it.' : `${dayInFull(new Date(latestDay))} at the latest.`}${mayDelete ? '' : ' Only the owner can choose an earlier day.'}`}
      />
      <FormActions>
        <SubmitButton>Save</SubmitButton>
      </FormActions>
    </ActionForm>
  )
}
