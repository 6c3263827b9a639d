'use server'

import { redirect } from 'next/navigation'
import { z } from 'zod'
import { spacePath } from '#components/spaces/space-path.ts'
import { requestSpace, requestSpaceInput } from '#lib/broker/requests/request-space.ts'
import { checkSpaceName, checkSpaceNameInput, type NameCheck } from '#lib/broker/spaces/check-space-name.ts'
import { createSpace } from '#lib/broker/spaces/create-space.ts'
import { createSpaceInput } from '#lib/broker/spaces/space-draft.ts'
import type { ActionState, CallState } from '#lib/domain/action-state.ts'
import { sizes } from '#lib/domain/size.ts'
import { brokerAction, brokerCall } from '#lib/web/action/broker-action.ts'
import { asksWithReason, lastDay } from './form-fields.ts'

const wish = {
  name: z.string(),
  description: z.string(),
  size: z.enum(sizes),
  endsAt: lastDay,
  cluster: z.string().optional(),
}

const create = brokerAction({
  name: 'create-space',
  input: z
    .strictObject(wish)
    .transform((form): z.input<typeof createSpaceInput> => form)
    .pipe(createSpaceInput),
  useCase: createSpace,
  after: ({ space }, { cluster }) => redirect(spacePath({ name: space.name, cluster })),
})

const request = brokerAction({
  name: 'request-space',
  input: z
    .strictObject({ ...wish, reason: z.string() })
    .transform((form): z.input<typeof requestSpaceInput> => form)
    .pipe(requestSpaceInput),
  useCase: requestSpace,
  after: ({ id }) => redirect(`/requests/${id}`),
})

const check = brokerCall({
  name: 'check-space-name',
  input: checkSpaceNameInput,
  useCase: checkSpaceName,
})

/** Creates a space, then shows it. With a reason: asks for one that exceeds policy, then shows the request. */
export async function createSpaceAction(previous: ActionState, form: FormData): Promise<ActionState> {
  return asksWithReason(form) ? request(previous, form) : create(previous, form)
}

/** Judges a name while it is typed. */
export async function checkSpaceNameAction(input: { name: string; cluster?: string }): Promise<CallState<NameCheck>> {
  return check(input)
}
