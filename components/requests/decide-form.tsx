'use client'

import { type RefObject, useEffect, useRef } from 'react'
import { ActionForm, type FormAction } from '#components/ui/form/action-form.tsx'
import { SelectField } from '#components/ui/form/select-field.tsx'
import { SubmitButton } from '#components/ui/form/submit-button.tsx'
import { TextAreaField } from '#components/ui/form/text-area-field.tsx'
import { singleKey, turnSingleKeys, useSingleKeys } from '#components/ui/single-keys.ts'
import { timeInFull } from '#components/ui/time/time-in-words.ts'
import { durationOptions, openEnd } from './duration-options.ts'

type Props = {
  action: FormAction
  id: string
  /** Hash of the request as shown. Approving anything else is refused. */
  payloadHash: string
  /** Whether the viewer hasn't approved it yet. */
  mayApprove: boolean
  /** For a role: the requested minutes, null for no end. Otherwise undefined. */
  askedMinutes?: number | null
  /** For a scheduled role: when it starts. */
  startsAt?: Date | null
}

/** Approves or denies a request. On narrow screens the buttons stick to the bottom. */
export function DecideForm({ action, id, payloadHash, mayApprove, askedMinutes, startsAt }: Props) {
  const bar = useRef<HTMLDivElement>(null)
  useDecisionKeys(bar)
  const keysAreOn = useSingleKeys()
  return (
    <ActionForm action={action} label="Decide" className="space-y-4">
      <input type="hidden" name="id" value={id} />
      <input type="hidden" name="payloadHash" value={payloadHash} />
      {mayApprove && askedMinutes !== undefined && (
        <SelectField
          label="For how long"
          name="minutes"
          defaultValue={askedMinutes === null ? openEnd : String(askedMinutes)}
          options={durationOptions(askedMinutes)}
          hint={`${startsAt ? `Starts on ${timeInFull(startsAt, false)}, or when you approve if that is later.` : 'Starts when you approve.'} You can shorten it but not extend it.`}
        />
      )}
      <TextAreaField
        label="Reason"
        name="reason"
        maxLength={1000}
        hint="Required to deny. Shown to the requester, and kept in the audit trail."
      />
      <div ref={bar} className="decision-bar">
        {mayApprove && (
          <SubmitButton name="decision" value="approve" icon="check">
            Approve
          </SubmitButton>
        )}
        <SubmitButton name="decision" value="deny" variant="secondary" icon="x">
          Deny
        </SubmitButton>
      </div>
      <p className="text-muted text-xs max-xl:hidden">
        {keysAreOn ? (
          <>
            Press{' '}
            {mayApprove && (
              <>
                <kbd>A</kbd> or{' '}
              </>
            )}
            <kbd>D</kbd> to get to {mayApprove ? 'these buttons' : 'this button'}.
          </>
        ) : (
          'Single-key shortcuts are off in this browser.'
        )}{' '}
        <button type="button" onClick={() => turnSingleKeys(!keysAreOn)} className="text-link min-h-6">
          {keysAreOn ? 'Turn off' : 'Turn on'}
        </button>
      </p>
    </ActionForm>
  )
}

/**
 * A and D move the focus to the approve and deny buttons without pressing them.
 * @param bar the element with the buttons
 */
function useDecisionKeys(bar: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const focusButton = (event: KeyboardEvent) => {
      const value = { a: 'approve', d: 'deny' }[singleKey(event) ?? '']
      if (value) bar.current?.querySelector<HTMLButtonElement>(`button[value="${value}"]`)?.focus()
    }
    document.addEventListener('keydown', focusButton)
    return () => document.removeEventListener('keydown', focusButton)
  }, [bar])
}
