'use server'

import { revalidatePath } from 'next/cache'
import { cancelVerification, cancelVerificationInput } from '#lib/features/audit/use-cases/cancel-verification.ts'
import { verifyTrail } from '#lib/features/audit/use-cases/verify-trail.ts'
import { brokerAction } from '#lib/web/action/broker-action.ts'
import { verifyTrailForm } from './verify-form.ts'

export const verifyTrailAction = brokerAction({
  name: 'verify-trail',
  input: verifyTrailForm,
  useCase: verifyTrail,
  after: () => {
    revalidatePath('/audit')
    return { message: 'The trail is being verified.' }
  },
})

export const cancelVerificationAction = brokerAction({
  name: 'verify-trail',
  input: cancelVerificationInput,
  useCase: cancelVerification,
  after: () => {
    revalidatePath('/audit')
    return { message: 'The verification was cancelled.' }
  },
})
