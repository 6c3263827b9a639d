'use server'

import { revalidatePath } from 'next/cache'
import { redirect } from 'next/navigation'
import { asksWithReason, hours, lastDay } from '#app/form-fields.ts'
import { spaceForm } from '#app/spaces/space-form.ts'
import { spacePath } from '#components/spaces/space-path.ts'
import { createCredential, createCredentialInput } from '#lib/broker/credentials/create-credential.ts'
import { requestLife, requestLifeInput } from '#lib/broker/requests/request-life.ts'
import { requestSize, requestSizeInput } from '#lib/broker/requests/request-size.ts'
import { deleteSpace, deleteSpaceInput } from '#lib/broker/spaces/delete-space.ts'
import { retrySpace, retrySpaceInput } from '#lib/broker/spaces/retry-space.ts'
import { updateSpace, updateSpaceInput } from '#lib/broker/spaces/update-space.ts'
import type { ActionState } from '#lib/domain/action-state.ts'
import { brokerAction } from '#lib/web/action/broker-action.ts'

/** Retries immediately. */
export const retrySpaceAction = brokerAction({
  name: 'retry-space',
  input: spaceForm(retrySpaceInput, {}),
  useCase: retrySpace,
  after: () => revalidatePath('/spaces', 'layout'),
})

const update = brokerAction({
  name: 'update-space',
  input: spaceForm(updateSpaceInput, { endsAt: lastDay.optional() }),
  useCase: updateSpace,
  after: () => {
    revalidatePath('/spaces', 'layout')
    return { message: 'Saved.' }
  },
})

const askForSize = brokerAction({
  name: 'request-size',
  input: spaceForm(requestSizeInput, {}),
  useCase: requestSize,
  after: ({ id }) => redirect(`/requests/${id}`),
})

/**
 * Changes whichever of description, size and end the form contains. With a reason, requests a size beyond policy and
 * shows the request.
 */
export async function updateSpaceAction(previous: ActionState, form: FormData): Promise<ActionState> {
  return asksWithReason(form) ? askForSize(previous, form) : update(previous, form)
}

/** Requests a later end, then shows the request. */
export const requestLifeAction = brokerAction({
  name: 'request-life',
  input: spaceForm(requestLifeInput, { endsAt: lastDay }),
  useCase: requestLife,
  after: ({ id }) => redirect(`/requests/${id}`),
})

/** Starts the deletion of a space, then shows its progress. */
export const deleteSpaceAction = brokerAction({
  name: 'delete-space',
  input: spaceForm(deleteSpaceInput, {}),
  useCase: deleteSpace,
  after: (_, { space }) => redirect(spacePath(space)),
})

/** Creates a kubeconfig for the space. Only this answer contains it. */
export const createKubeconfigAction = brokerAction({
  name: 'create-credential',
  input: spaceForm(createCredentialInput, { hours }),
  useCase: createCredential,
  after: (made) => ({ data: made }),
})
