'use server'

import { revalidatePath } from 'next/cache'
import { redirect } from 'next/navigation'
import { asksWithReason, hours, lastDay } from '#app/form-fields.ts'
import { spaceForm } from '#app/spaces/space-form.ts'
import { spacePath } from '#components/spaces/space-path.ts'
import { dayAndTime } from '#components/ui/time/time-in-words.ts'
import { createCredential, createCredentialInput } from '#lib/features/credentials/use-cases/create-credential.ts'
import {
  declareSpace,
  declareSpaceInput,
  releaseSpace,
  releaseSpaceInput,
} from '#lib/features/gitops/use-cases/declare-space.ts'
import { requestLife, requestLifeInput } from '#lib/features/requests/use-cases/request-life.ts'
import { requestSize, requestSizeInput } from '#lib/features/requests/use-cases/request-size.ts'
import { deleteSpace, deleteSpaceInput } from '#lib/features/spaces/use-cases/delete-space.ts'
import { retrySpace, retrySpaceInput } from '#lib/features/spaces/use-cases/retry-space.ts'
import { updateSpace, updateSpaceInput } from '#lib/features/spaces/use-cases/update-space.ts'
import type { ActionState } from '#lib/kernel/model/action-state.ts'
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
  after: (_, { space, endsAt, description, size }) => {
    revalidatePath('/spaces', 'layout')
    const others = [description, endsAt].every((each) => each === undefined)
    if (size && others) return { message: `${space.name} now has size ${size}.` }
    const onlyEnd = endsAt && description === undefined && size === undefined
    return {
      message: onlyEnd ? `${space.name} ends on ${dayAndTime(endsAt)}.` : `Saved the settings of ${space.name}.`,
    }
  },
})

const askForSize = brokerAction({
  name: 'request-size',
  input: spaceForm(requestSizeInput, {}),
  useCase: requestSize,
  after: ({ id }) => redirect(`/requests/${id}`),
})

/**
 * Changes the description, size or end that the form contains. With a reason, requests a size beyond policy and shows
 * the request.
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

/** Hands a space over to Git. */
export const declareSpaceAction = brokerAction({
  name: 'declare-space',
  input: spaceForm(declareSpaceInput, {}),
  useCase: declareSpace,
  after: (_, { space, namespace }) => {
    revalidatePath('/spaces', 'layout')
    return { message: `${space.name} is now managed in Git, by the object ${namespace}/${space.name}.` }
  },
})

/** Takes a space back from Git. */
export const releaseSpaceAction = brokerAction({
  name: 'release-space',
  input: spaceForm(releaseSpaceInput, {}),
  useCase: releaseSpace,
  after: (_, { space }) => {
    revalidatePath('/spaces', 'layout')
    return { message: `${space.name} is now managed in the portal.` }
  },
})

/** Starts the deletion of a space, then shows its progress. */
export const deleteSpaceAction = brokerAction({
  name: 'delete-space',
  input: spaceForm(deleteSpaceInput, {}),
  useCase: deleteSpace,
  after: (_, { space }) => redirect(spacePath(space)),
})

/** Creates a kubeconfig for the space, with the default lifetime if none is given. Only this answer contains it. */
export const createKubeconfigAction = brokerAction({
  name: 'create-credential',
  input: spaceForm(createCredentialInput, { hours: hours.optional() }),
  useCase: createCredential,
  after: (made) => ({ data: made }),
})
