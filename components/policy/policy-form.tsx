'use client'

import { type ReactNode, useDeferredValue, useEffect, useRef, useState } from 'react'
import { Alert } from '#components/ui/alert.tsx'
import { Button } from '#components/ui/button.tsx'
import { ActionForm, type FormAction } from '#components/ui/form/action-form.tsx'
import { FormActions } from '#components/ui/form/form-actions.tsx'
import { SelectField } from '#components/ui/form/select-field.tsx'
import { SubmitButton } from '#components/ui/form/submit-button.tsx'
import { TextAreaField } from '#components/ui/form/text-area-field.tsx'
import { TextField } from '#components/ui/form/text-field.tsx'
import { useRefresh } from '#components/ui/live/page-refresh.ts'
import { Section } from '#components/ui/section.tsx'
import type { PolicyAnswer, PolicyTrial } from '#lib/features/policy/model/policy-trial.ts'
import { roles } from '#lib/kernel/model/access/role.ts'
import { policyBounds } from '#lib/kernel/model/policy/policy-bounds.ts'
import type { PolicyRules } from '#lib/kernel/model/policy/policy-rules.ts'
import { sizes } from '#lib/kernel/model/spaces/size.ts'
import { ApprovalFields } from './approval-fields.tsx'
import { CheckField } from './check-field.tsx'
import { PolicyTrialResult } from './policy-trial.tsx'

type Props = {
  /** The newest version: what is saved replaces it. */
  base: number
  /** What the fields show at first. */
  rules: PolicyRules
  issuer: string
  defaultCluster: string
  action: FormAction<PolicyAnswer>
}

const text = (count: number | null): string => (count === null ? '' : String(count))

/** The rules that admins set. One button tries them on the last month, the other saves them. */
export function PolicyForm({ issuer, defaultCluster, action, ...newest }: Props) {
  // The page may learn of a newer version. Saving the rules of this one would undo it unseen.
  const [shown, setShown] = useState({ base: newest.base, rules: newest.rules, loads: 0 })
  const { base, rules, loads } = shown
  // The page learns of this form’s own save just before the form does.
  const isOld = useDeferredValue(newest.base > base)
  const refresh = useRefresh()
  const [trial, setTrial] = useState<PolicyTrial | null>(null)
  const ownGroups = rules.exemptGroups.filter((group) => group.issuer === issuer)
  const answered = (answer: PolicyAnswer | undefined) => {
    setTrial(answer && 'trial' in answer ? answer.trial : null)
    if (answer && 'saved' in answer) setShown({ ...shown, base: answer.saved })
  }
  const box = useRef<HTMLDivElement>(null)
  // The button that was pressed is gone.
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
            title="Somebody has saved a new version since you opened this page"
            action={
              <Button size="sm" onClick={startAgain}>
                Start again
              </Button>
            }
          >
            <p>
              This form is based on an older version, so it can’t be saved. Starting again discards what you changed
              here.
            </p>
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
          <Group title="Spaces">
            <NumberField
              label="Spaces per person"
              name="rules.spaceLimit"
              count={rules.spaceLimit}
              hint="One more needs approval."
            />
            <SelectField
              label="Largest size without approval"
              name="rules.maxSize"
              defaultValue={rules.maxSize}
              options={sizes.map((size) => ({ value: size, label: size }))}
            />
            <NumberField
              label="Longest life of a space, in days"
              name="rules.longestSpaceDays"
              count={rules.longestSpaceDays}
              hint="Empty: no limit. Spaces without an end date keep none until someone sets one."
            />
          </Group>
          <Group title="Roles">
            {roles.map((role) => (
              <NumberField
                key={role}
                label={`Longest time as ${role}, in days`}
                name={`rules.longestRoleDays.${role}`}
                count={rules.longestRoleDays[role]}
                hint="Empty: no limit."
              />
            ))}
            <fieldset className="sm:col-span-2 lg:col-span-3">
              <legend className="mb-1 font-medium text-sm">Roles that need approval</legend>
              <div className="flex flex-wrap gap-x-6 gap-y-2">
                {roles.map((role) => (
                  <CheckField
                    key={role}
                    label={role}
                    name={`rules.approvalRoles.${role}`}
                    checked={rules.approvalRoles.includes(role)}
                  />
                ))}
              </div>
              <p className="mt-1 text-muted text-sm">
                Nobody gives these directly, neither owners nor platform admins: people request them.
              </p>
            </fieldset>
          </Group>
          <Group title="Requests">
            <NumberField
              label="Days that a request waits"
              name="rules.requestExpiryDays"
              count={rules.requestExpiryDays}
              hint="Then it expires."
            />
            <div className="self-center">
              <CheckField label="Requests need a reason" name="rules.reasonRequired" checked={rules.reasonRequired} />
            </div>
          </Group>
          <Group title="Approvals of roles">
            <ApprovalFields kind="roleRequests" rule={rules.roleRequests} issuer={issuer} />
          </Group>
          <Group title="Approvals of spaces, sizes and life">
            <ApprovalFields kind="spaceRequests" rule={rules.spaceRequests} issuer={issuer} />
          </Group>
          <Group title="Exceptions">
            <TextAreaField
              label="Groups that are exempt"
              name="rules.exemptGroups"
              optional
              className="sm:col-span-2 lg:col-span-3"
              defaultValue={ownGroups.map(({ group }) => group).join('\n')}
              hint={`Names of groups at the identity provider, one a line, at most ${policyBounds.exemptGroups}. Their members are held to no limit on spaces and roles, and need no approval for what they create and give.`}
            />
          </Group>
          <Group title="Kubeconfigs">
            <NumberField
              label="Longest life of a kubeconfig, in hours"
              name="rules.longestCredentialHours"
              count={rules.longestCredentialHours}
              hint={`At most ${policyBounds.credentialHours.max}. For everybody; existing ones stay as they are.`}
            />
            <NumberField
              label="Working kubeconfigs per person"
              name="rules.credentialLimit"
              count={rules.credentialLimit}
              hint={`Empty: as many as Spaceport takes, which is ${policyBounds.credentials.max}.`}
            />
            <NumberField
              label="Hours without a fresh sign-in"
              name="rules.freshSignInHours"
              count={rules.freshSignInHours}
              hint="For a longer kubeconfig, people sign in at the identity provider again, at most ten minutes before. Empty: never needed."
            />
          </Group>
          <Group title="People and groups">
            <NumberField
              label="Hours that groups count unconfirmed"
              name="rules.groupHours"
              count={rules.groupHours}
              hint="Then a person’s roles from groups pause, for kubeconfigs too, until the identity provider names their groups again: at a sign-in, or while they use the portal. Empty: no limit."
            />
            <NumberField
              label="Days unseen until deactivation"
              name="rules.unseenDays"
              count={rules.unseenDays}
              hint={`From ${policyBounds.unseenDays.min}: no sign-in, page or kubectl command for so long. People are warned 14 and 3 days before. Empty: never.`}
            />
          </Group>
          <Group title="Save">
            <TextAreaField
              label="Reason"
              name="reason"
              maxLength={1000}
              className="sm:col-span-2 lg:col-span-3"
              hint="Why the policy changes. It is shown in the history. Trying needs none."
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

function Group({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Section title={title}>
      <div className="grid items-start gap-5 sm:grid-cols-2 lg:grid-cols-3">{children}</div>
    </Section>
  )
}

/** A number, or nothing. */
function NumberField({
  label,
  name,
  count,
  hint,
}: {
  label: string
  name: string
  count: number | null
  hint: string
}) {
  return (
    <TextField
      label={label}
      name={name}
      defaultValue={text(count)}
      inputMode="numeric"
      maxLength={6}
      hint={hint}
      className="min-w-0"
    />
  )
}
