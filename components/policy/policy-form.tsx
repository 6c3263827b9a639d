'use client'

import { useDeferredValue, useEffect, useRef, useState } from 'react'
import { Alert } from '#components/ui/alert.tsx'
import { Button } from '#components/ui/button.tsx'
import { ActionForm, type FormAction } from '#components/ui/form/action-form.tsx'
import { FormActions } from '#components/ui/form/form-actions.tsx'
import { SubmitButton } from '#components/ui/form/submit-button.tsx'
import { TextAreaField } from '#components/ui/form/text-area-field.tsx'
import { useRefresh } from '#components/ui/live/page-refresh.ts'
import type { PolicyAnswer, PolicyTrial } from '#lib/features/policy/model/policy-trial.ts'
import type { PolicyRules } from '#lib/kernel/model/policy/policy-rules.ts'
import { Group, PolicyFields } from './policy-fields.tsx'
import { PolicyTrialResult } from './policy-trial.tsx'

type Props = {
  /** The version that saving replaces. */
  base: number
  /** The initial values of the fields. */
  rules: PolicyRules
  issuer: string
  defaultCluster: string
  action: FormAction<PolicyAnswer>
}

/** The policy form. One button tries the rules on the last 30 days, the other saves them. */
export function PolicyForm({ issuer, defaultCluster, action, ...newest }: Props) {
  // The page may learn of a newer version. Saving this form would silently undo that.
  const [shown, setShown] = useState({ base: newest.base, rules: newest.rules, loads: 0 })
  const { base, rules, loads } = shown
  // The page learns of this form’s own save just before the form does.
  const isOld = useDeferredValue(newest.base > base)
  const refresh = useRefresh()
  const [trial, setTrial] = useState<PolicyTrial | null>(null)
  const answered = (answer: PolicyAnswer | undefined) => {
    setTrial(answer && 'trial' in answer ? answer.trial : null)
    if (answer && 'saved' in answer) setShown({ ...shown, base: answer.saved })
  }
  const box = useRef<HTMLDivElement>(null)
  // The button that had focus is gone.
  useEffect(() => {
    if (loads > 0) box.current?.querySelector<HTMLInputElement>('input:not([type=hidden])')?.focus()
  }, [loads])
  const startAgain = () => {
    setTrial(null)
    setShown({ base: newest.base, rules: newest.rules, loads: loads + 1 })
  }
  return (
    <div>
      <div role="status">
        {isOld && (
          <Alert
            className="mb-8"
            kind="warn"
            title="A new version has been saved since you opened this page"
            action={
              <Button size="sm" onClick={startAgain}>
                Start again
              </Button>
            }
          >
            <p>This form is based on an older version and can’t be saved. Starting again discards your changes.</p>
          </Alert>
        )}
      </div>
      <div ref={box} className="space-y-8">
        <ActionForm
          key={loads}
          action={action}
          label="Policy"
          onOk={answered}
          onError={(code) => code === 'policy_changed' && refresh()}
          className="space-y-8"
        >
          <input type="hidden" name="base" value={base} />
          <input type="hidden" name="issuer" value={issuer} />
          <PolicyFields rules={rules} issuer={issuer} />
          <Group title="Save">
            <TextAreaField
              label="Reason"
              name="reason"
              maxLength={1000}
              className="sm:col-span-2 lg:col-span-3"
              hint="Why you are changing the policy. Shown in the history, and not needed for a trial."
            />
          </Group>
          <FormActions>
            <SubmitButton variant="secondary" name="do" value="try">
              Try on the last 30 days
            </SubmitButton>
            <SubmitButton name="do" value="save">
              Save policy
            </SubmitButton>
          </FormActions>
        </ActionForm>
        {trial && <PolicyTrialResult trial={trial} defaultCluster={defaultCluster} />}
      </div>
    </div>
  )
}
