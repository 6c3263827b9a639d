'use client'

import { useDeferredValue, useEffect, useRef, useState } from 'react'
import { Alert } from '#components/ui/alert.tsx'
import { Button } from '#components/ui/button.tsx'
import { ActionForm, type FormAction } from '#components/ui/form/action-form.tsx'
import { SubmitButton } from '#components/ui/form/submit-button.tsx'
import { TextAreaField } from '#components/ui/form/text-area-field.tsx'
import { useRefresh } from '#components/ui/live/page-refresh.ts'
import { Section } from '#components/ui/section.tsx'
import { useIsHydrated } from '#components/ui/use-is-hydrated.ts'
import { policyDifferences } from '#lib/features/policy/model/policy-difference.ts'
import type { PolicyAnswer, PolicyTrial } from '#lib/features/policy/model/policy-trial.ts'
import { inNumber } from '#lib/kernel/model/in-number.ts'
import type { PolicyRules } from '#lib/kernel/model/policy/policy-rules.ts'
import { DifferenceList } from './difference-list.tsx'
import { PolicyFields } from './policy-fields.tsx'
import { PolicyTrialResult } from './policy-trial.tsx'
import { rulesOfFields } from './rules-of-fields.ts'

type Props = {
  /** The version that saving replaces. */
  base: number
  /** Its rules. */
  current: PolicyRules
  /** The initial values of the fields. */
  rules: PolicyRules
  issuer: string
  defaultCluster: string
  action: FormAction<PolicyAnswer>
}

/** The policy form. Its bar counts the changes, tries them on the last 30 days, and saves them. */
export function PolicyForm({ issuer, defaultCluster, action, ...newest }: Props) {
  // The page may learn of a newer version. Saving this form would silently undo that.
  const [shown, setShown] = useState({ ...newest, loads: 0 })
  const { base, current, rules, loads } = shown
  // The page learns of this form’s own save just before the form does.
  const isOld = useDeferredValue(newest.base > base)
  const refresh = useRefresh()
  const [draft, setDraft] = useState<PolicyRules | null>(null)
  const [trial, setTrial] = useState<{ number: number; of: PolicyTrial } | null>(null)
  const edits = useRef({ made: 0, sent: 0 })
  const [edited, setEdited] = useState(0)
  const differences = policyDifferences(current, draft ?? rules, issuer)
  const isSame = differences.length === 0
  const hasScripts = useIsHydrated()
  const answered = (answer: PolicyAnswer | undefined) => {
    const isPreview = answer && 'trial' in answer && edits.current.made === edits.current.sent
    setTrial((before) => (isPreview ? { number: (before?.number ?? 0) + 1, of: answer.trial } : null))
    if (answer && 'saved' in answer) {
      setShown({ ...shown, base: answer.saved, current: newest.current })
      // Save is disabled until the next change, and would lose the focus.
      box.current?.querySelector<HTMLElement>('#changes h2')?.focus({ preventScroll: true })
    }
  }
  const box = useRef<HTMLDivElement>(null)
  function readFields() {
    const form = box.current?.querySelector('form')
    // A field may have text that its rule doesn’t allow, which the field reports once it is sent.
    if (form) setDraft(rulesOfFields(Object.fromEntries(new FormData(form))) as PolicyRules)
  }
  // The fields leave out groups of other providers, and may have been filled in before scripts ran.
  // Read after the change is rendered: a picker renders what the form sends.
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each set of fields, and each change
  useEffect(readFields, [loads, edited])
  // The button that had focus is gone.
  useEffect(() => {
    if (loads > 0) box.current?.querySelector<HTMLInputElement>('input:not([type=hidden])')?.focus()
  }, [loads])
  const startAgain = () => {
    setTrial(null)
    setDraft(null)
    setShown({ ...newest, loads: loads + 1 })
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
      <div
        ref={box}
        onChange={({ target }) => {
          if ('name' in target && target.name === 'reason') return
          edits.current.made += 1
          setEdited(edits.current.made)
          setTrial(null)
        }}
        onSubmit={() => {
          edits.current.sent = edits.current.made
        }}
      >
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
          <Section title="Changes" id="changes" content="row">
            <div className="space-y-5">
              <div className="noscript:hidden">
                {isSame ? (
                  <p className="text-muted text-sm">You haven’t changed anything.</p>
                ) : (
                  <DifferenceList differences={differences} word="would become" />
                )}
              </div>
              {/* Emptied after a save. */}
              <TextAreaField
                key={base}
                label="Reason"
                name="reason"
                rows={2}
                maxLength={1000}
                hint="Shown in the history. Not needed for a preview."
              />
            </div>
          </Section>
          {trial && <PolicyTrialResult key={trial.number} trial={trial.of} defaultCluster={defaultCluster} />}
          <div className="save-bar">
            <p role="status" className="noscript:hidden mr-auto text-sm">
              {isSame ? (
                <span className="text-muted">No changes</span>
              ) : (
                <a href="#changes" className="text-link">
                  {inNumber(differences.length, 'change')}
                </a>
              )}
            </p>
            <SubmitButton variant="secondary" name="do" value="try" disabled={hasScripts && isSame}>
              Preview
            </SubmitButton>
            <SubmitButton name="do" value="save" disabled={hasScripts && isSame}>
              Save
            </SubmitButton>
          </div>
        </ActionForm>
      </div>
    </div>
  )
}
