'use server'

import { revalidatePath } from 'next/cache'
import { dismissNotice, dismissNoticeInput } from '#lib/broker/notices/dismiss-notice.ts'
import { brokerAction } from '#lib/web/action/broker-action.ts'

/** Marks a notice as seen. */
export const dismissNoticeAction = brokerAction({
  name: 'dismiss-notice',
  input: dismissNoticeInput,
  useCase: dismissNotice,
  after: () => revalidatePath('/', 'layout'),
})
