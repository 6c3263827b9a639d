'use server'

import { revalidatePath } from 'next/cache'
import { spaceForm } from '#app/spaces/space-form.ts'
import { removeGrant, removeGrantInput } from '#lib/features/access/use-cases/remove-grant.ts'
import {
  askOffboardingAgain,
  askOffboardingAgainInput,
} from '#lib/features/offboarding/use-cases/check-offboarding-again.ts'
import { deactivatePerson, deactivatePersonInput } from '#lib/features/people/use-cases/deactivate-person.ts'
import { reactivatePerson, reactivatePersonInput } from '#lib/features/people/use-cases/reactivate-person.ts'
import { signOutPerson, signOutPersonInput } from '#lib/features/people/use-cases/sign-out-person.ts'
import { inNumber } from '#lib/kernel/model/in-number.ts'
import { brokerAction } from '#lib/web/action/broker-action.ts'

const toastOf =
  <O>(message: (output: O) => string) =>
  (output: O) => {
    revalidatePath('/admin/people', 'layout')
    return { message: message(output) }
  }

export const deactivatePersonAction = brokerAction({
  name: 'deactivate-person',
  input: deactivatePersonInput,
  useCase: deactivatePerson,
  after: toastOf(
    ({ sessions, credentials }) =>
      `Deactivated. ${inNumber(sessions, 'session')} ended, ${inNumber(credentials, 'credential')} revoked.`,
  ),
})

/** Asks the clusters again now about an offboarded person. */
export const askOffboardingAgainAction = brokerAction({
  name: 'offboard-person',
  input: askOffboardingAgainInput,
  useCase: askOffboardingAgain,
  after: toastOf(() => 'The worker is asking the clusters again. Reload the page in a moment to see the answers.'),
})

export const reactivatePersonAction = brokerAction({
  name: 'reactivate-person',
  input: reactivatePersonInput,
  useCase: reactivatePerson,
  after: toastOf(() => 'Reactivated. They can sign in again.'),
})

/** Ends all of a person's sessions, or one. */
export const signOutPersonAction = brokerAction({
  name: 'sign-out-person',
  input: signOutPersonInput,
  useCase: signOutPerson,
  after: toastOf((sessions) => `${inNumber(sessions, 'session')} ended.`),
})

/** Removes a person's role in a space. */
export const removeGrantOfPersonAction = brokerAction({
  name: 'remove-grant',
  input: spaceForm(removeGrantInput, {}),
  useCase: removeGrant,
  after: toastOf(() => 'Removed. They lose it immediately, and the owner is notified.'),
})
