'use server'

import { redirect } from 'next/navigation'
import { asksWithReason, dropDefaultCluster, lastDay } from '#app/form-fields.ts'
import { spacePath } from '#components/spaces/space-path.ts'
import { requestSpace, requestSpaceInput } from '#lib/features/requests/use-cases/request-space.ts'
import { checkSpaceName, checkSpaceNameInput } from '#lib/features/spaces/use-cases/check-space-name.ts'
import { createSpace } from '#lib/features/spaces/use-cases/create-space.ts'
import { createSpaceInput } from '#lib/features/spaces/use-cases/space-draft.ts'
import type { ActionState } from '#lib/kernel/model/action-state.ts'
import { brokerAction, brokerCall } from '#lib/web/action/broker-action.ts'
import { formOf } from '#lib/web/action/form-of.ts'

const create = brokerAction({
  name: 'create-space',
  input: formOf(createSpaceInput, { endsAt: lastDay }),
  useCase: createSpace,
  after: ({ space }, { cluster }) => redirect(spacePath({ name: space.name, cluster })),
})

const request = brokerAction({
  name: 'request-space',
  input: formOf(requestSpaceInput, { endsAt: lastDay }),
  useCase: requestSpace,
  after: ({ id }) => redirect(`/requests/${id}`),
})

/** Creates a space and shows it. With a reason, requests one that exceeds policy and shows the request. */
export async function createSpaceAction(previous: ActionState, form: FormData): Promise<ActionState> {
  dropDefaultCluster(form)
  return asksWithReason(form) ? request(previous, form) : create(previous, form)
}

/** Checks a name as it is typed. */
export const checkSpaceNameAction = brokerCall({
  name: 'check-space-name',
  input: checkSpaceNameInput,
  useCase: checkSpaceName,
})
