'use server'

import { revalidatePath } from 'next/cache'
import { endOwnSessions, endOwnSessionsInput } from '#lib/features/people/use-cases/end-own-sessions.ts'
import { inNumber } from '#lib/kernel/model/in-number.ts'
import { brokerAction } from '#lib/web/action/broker-action.ts'

/** Ends one of the person's own sessions, or all but one. */
export const endOwnSessionsAction = brokerAction({
  name: 'end-own-sessions',
  input: endOwnSessionsInput,
  useCase: endOwnSessions,
  after: (sessions) => {
    revalidatePath('/profile')
    return { message: `${inNumber(sessions, 'session')} ended.` }
  },
})
