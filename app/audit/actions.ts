'use server'

import { revalidatePath } from 'next/cache'
import { cancelVerification, cancelVerificationInput } from '#lib/features/audit/use-cases/cancel-verification.ts'
import { verifyTrail } from '#lib/features/audit/use-cases/verify-trail.ts'
import { brokerAction } from '#lib/web/action/broker-action.ts'
import { verifyTrailForm } from './verify-form.ts'

/** Has the worker verify the trail. */
export const verifyTrailAction = brokerAction({
  name: 'verify-trail',
  input: verifyTrailForm,
  useCase: verifyTrail,
  after: () => {
    revalidatePath('/audit')
    return { message: 'The worker verifies the trail.' }
  },
})

/** Cancels the verification that runs. */
export const cancelVerificationAction = brokerAction({
  name: 'verify-trail',
  input: cancelVerificationInput,
  useCase: cancelVerification,
  after: () => {
    revalidatePath('/audit')
    return { message: 'The verification was cancelled.' }
  },
})
