'use server'

import { revalidatePath } from 'next/cache'
import { redirect } from 'next/navigation'
import { z } from 'zod'
import { openEnd } from '#components/requests/duration-options.ts'
import { cancelRequest, cancelRequestInput } from '#lib/broker/requests/cancel-request.ts'
import { decideRequest, decideRequestInput } from '#lib/broker/requests/decide-request.ts'
import { requestRole, requestRoleInput } from '#lib/broker/requests/request-role.ts'
import type { ActionState } from '#lib/domain/action-state.ts'
import { roles } from '#lib/domain/role.ts'
import { brokerAction } from '#lib/web/action/broker-action.ts'

/** Days as a form’s choice: a number, or the word for no end. */
const days = z
  .string()
  .regex(/^([1-9]\d{0,2}|open)$/, 'Choose for how long.')
  .transform((text) => (text === openEnd ? null : Number(text)))

const ask = brokerAction({
  name: 'request-role',
  input: z
    .strictObject({
      space: z.string().trim().min(1).max(63),
      cluster: z.string().optional(),
      role: z.enum(roles),
      days,
      reason: z.string(),
    })
    .transform(
      ({ space: name, cluster, ...rest }): z.input<typeof requestRoleInput> => ({
        ...rest,
        space: cluster ? { name, cluster } : { name },
      }),
    )
    .pipe(requestRoleInput),
  useCase: requestRole,
  after: ({ id }) => redirect(`/requests/${id}`),
})

const decide = brokerAction({
  name: 'decide-request',
  input: z
    .strictObject({
      id: z.string(),
      payloadHash: z.string(),
      decision: z.enum(['approve', 'deny']),
      reason: z.string().optional(),
      days: days.optional(),
    })
    .pipe(decideRequestInput),
  useCase: decideRequest,
  after: (_, { decision }) => {
    revalidatePath('/requests', 'layout')
    return { message: decision === 'approve' ? 'Approved. It takes effect right away.' : 'Denied.' }
  },
})

const cancel = brokerAction({
  name: 'cancel-request',
  input: cancelRequestInput,
  useCase: cancelRequest,
  after: () => {
    revalidatePath('/requests', 'layout')
    return { message: 'Request withdrawn.' }
  },
})

/** Asks for a role in a space, then shows the request. */
export async function requestRoleAction(previous: ActionState, form: FormData): Promise<ActionState> {
  return ask(previous, form)
}

/** Approves or denies what the form's hash stands for. */
export async function decideRequestAction(previous: ActionState, form: FormData): Promise<ActionState> {
  return decide(previous, form)
}

/** Withdraws one's own open request. */
export async function cancelRequestAction(previous: ActionState, form: FormData): Promise<ActionState> {
  return cancel(previous, form)
}
