'use server'

import { revalidatePath } from 'next/cache'
import type { PolicyAnswer } from '#lib/features/policy/model/policy-trial.ts'
import { changePolicy } from '#lib/features/policy/use-cases/change-policy.ts'
import { tryPolicy } from '#lib/features/policy/use-cases/try-policy.ts'
import type { ActionState } from '#lib/kernel/model/action-state.ts'
import { brokerAction } from '#lib/web/action/broker-action.ts'
import { changePolicyForm, tryPolicyForm } from './policy-form.ts'

const save = brokerAction({
  name: 'change-policy',
  input: changePolicyForm,
  useCase: changePolicy,
  after: ({ number }): { message: string; data: PolicyAnswer } => {
    revalidatePath('/admin/policy')
    return { message: `Saved as version ${number}.`, data: { saved: number } }
  },
})

const tryOut = brokerAction({
  name: 'try-policy',
  input: tryPolicyForm,
  useCase: tryPolicy,
  after: (trial): { data: PolicyAnswer } => ({ data: { trial } }),
})

/** Saves the policy as a new version, or tries it on the last 30 days, depending on the button pressed. */
export async function policyAction(
  previous: ActionState<PolicyAnswer>,
  form: FormData,
): Promise<ActionState<PolicyAnswer>> {
  // Requests to an action can contain anything.
  const tries = form instanceof FormData && form.get('do') === 'try'
  return tries ? tryOut(previous, form) : save(previous, form)
}
