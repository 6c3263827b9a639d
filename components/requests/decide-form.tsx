'use client'

import { useMemo } from 'react'
import { ActionForm, type FormAction } from '#components/ui/action-form.tsx'
import { announced } from '#components/ui/announced.ts'
import { SelectField } from '#components/ui/select-field.tsx'
import { SubmitButton } from '#components/ui/submit-button.tsx'
import { TextAreaField } from '#components/ui/text-area-field.tsx'
import { timeInFull } from '#components/ui/time-in-words.ts'
import { durationOptions, openEnd } from './duration-options.ts'

type Props = {
  action: FormAction
  id: string
  /** Hash of what is shown beside the form. Approving anything else is refused. */
  payloadHash: string
  /** For a role: the requested minutes, null for no end. Otherwise undefined. */
  askedMinutes?: number | null
  /** For a scheduled role: when it starts. */
  startsAt?: Date | null
}

/** Approves or denies a request. */
export function DecideForm({ action, id, payloadHash, askedMinutes, startsAt }: Props) {
  const run = useMemo(() => announced(action), [action])
  return (
    <ActionForm action={run} label="Decide" className="space-y-4">
      <input type="hidden" name="id" value={id} />
      <input type="hidden" name="payloadHash" value={payloadHash} />
      {askedMinutes !== undefined && (
        <SelectField
          label="For how long"
          name="minutes"
          defaultValue={askedMinutes === null ? openEnd : String(askedMinutes)}
          options={durationOptions(askedMinutes)}
          hint={`${startsAt ? `Starts on ${timeInFull(startsAt, false)}, or when you approve if that is later.` : 'Starts when you approve.'} You can shorten it, but not extend it.`}
        />
      )}
      <TextAreaField
        label="Reason"
        name="reason"
        maxLength={1000}
        hint="Required to deny. Shown to the requester, and kept in the audit trail."
      />
      <div className="flex flex-wrap gap-2">
        <SubmitButton name="decision" value="approve" icon="check">
          Approve
        </SubmitButton>
        <SubmitButton name="decision" value="deny" variant="secondary" icon="x">
          Deny
        </SubmitButton>
      </div>
    </ActionForm>
  )
}
