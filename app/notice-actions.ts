'use server'

import { revalidatePath } from 'next/cache'
import { z } from 'zod'
import { dismissNotice, dismissNoticeInput } from '#lib/broker/notices/dismiss-notice.ts'
import type { ActionState } from '#lib/domain/action-state.ts'
import { brokerAction } from '#lib/web/action/broker-action.ts'

const dismiss = brokerAction({
  name: 'dismiss-notice',
  input: z
    .strictObject({ id: z.string() })
    .transform((form): z.input<typeof dismissNoticeInput> => form)
    .pipe(dismissNoticeInput),
  useCase: dismissNotice,
  after: () => revalidatePath('/', 'layout'),
})

/** Says that one has seen a notice. */
export async function dismissNoticeAction(previous: ActionState, form: FormData): Promise<ActionState> {
  return dismiss(previous, form)
}
