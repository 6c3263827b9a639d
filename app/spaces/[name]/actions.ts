'use server'

import { revalidatePath } from 'next/cache'
import { redirect } from 'next/navigation'
import { z } from 'zod'
import { asksWithReason, lastDay, spaceFields, spaceOf } from '#app/spaces/form-fields.ts'
import type { MadeKubeconfig } from '#components/credentials/made-kubeconfig.ts'
import { spacePath } from '#components/spaces/space-path.ts'
import { createCredential, createCredentialInput } from '#lib/broker/credentials/create-credential.ts'
import { requestSize, requestSizeInput } from '#lib/broker/requests/request-size.ts'
import { deleteSpace, deleteSpaceInput } from '#lib/broker/spaces/delete-space.ts'
import { retrySpace, retrySpaceInput } from '#lib/broker/spaces/retry-space.ts'
import { updateSpace, updateSpaceInput } from '#lib/broker/spaces/update-space.ts'
import type { ActionState } from '#lib/domain/action-state.ts'
import { sizes } from '#lib/domain/size.ts'
import { brokerAction } from '#lib/web/action/broker-action.ts'

const retry = brokerAction({
  name: 'retry-space',
  input: z
    .strictObject(spaceFields)
    .transform((form): z.input<typeof retrySpaceInput> => ({ space: spaceOf(form) }))
    .pipe(retrySpaceInput),
  useCase: retrySpace,
  after: () => revalidatePath('/spaces', 'layout'),
})

const update = brokerAction({
  name: 'update-space',
  input: z
    .strictObject({
      ...spaceFields,
      description: z.string().optional(),
      size: z.enum(sizes).optional(),
      endsAt: lastDay.optional(),
    })
    .transform(
      ({ space, cluster, ...changes }): z.input<typeof updateSpaceInput> => ({
        space: spaceOf({ space, cluster }),
        ...changes,
      }),
    )
    .pipe(updateSpaceInput),
  useCase: updateSpace,
  after: () => {
    revalidatePath('/spaces', 'layout')
    return { message: 'Saved.' }
  },
})

const askForSize = brokerAction({
  name: 'request-size',
  input: z
    .strictObject({ ...spaceFields, size: z.enum(sizes), reason: z.string() })
    .transform(
      ({ space, cluster, ...rest }): z.input<typeof requestSizeInput> => ({
        space: spaceOf({ space, cluster }),
        ...rest,
      }),
    )
    .pipe(requestSizeInput),
  useCase: requestSize,
  after: ({ id }) => redirect(`/requests/${id}`),
})

const remove = brokerAction({
  name: 'delete-space',
  input: z
    .strictObject({ ...spaceFields, confirmation: z.string() })
    .transform(
      ({ confirmation, ...form }): z.input<typeof deleteSpaceInput> => ({ space: spaceOf(form), confirmation }),
    )
    .pipe(deleteSpaceInput),
  useCase: deleteSpace,
  after: (_, { space }) => redirect(spacePath(space)),
})

const makeKubeconfig = brokerAction({
  name: 'create-credential',
  input: z
    .strictObject({
      ...spaceFields,
      hours: z
        .string()
        .regex(/^\d{1,4}$/, 'Choose how long it is valid.')
        .transform(Number),
    })
    .transform(({ hours, ...form }): z.input<typeof createCredentialInput> => ({ space: spaceOf(form), hours }))
    .pipe(createCredentialInput),
  useCase: createCredential,
  after: (made) => ({ data: made }),
})

/** Tries at once what failed. */
export async function retrySpaceAction(previous: ActionState, form: FormData): Promise<ActionState> {
  return retry(previous, form)
}

/**
 * Changes the description, the size or the end of a space: whichever of them the form has. With a reason: asks for a
 * size beyond policy, then shows the request.
 */
export async function updateSpaceAction(previous: ActionState, form: FormData): Promise<ActionState> {
  return asksWithReason(form) ? askForSize(previous, form) : update(previous, form)
}

/** Starts the deletion of a space, then shows how far it is. */
export async function deleteSpaceAction(previous: ActionState, form: FormData): Promise<ActionState> {
  return remove(previous, form)
}

/** Makes a kubeconfig for the space; it is in this answer and nowhere else. */
export async function createKubeconfigAction(
  previous: ActionState<MadeKubeconfig>,
  form: FormData,
): Promise<ActionState<MadeKubeconfig>> {
  return makeKubeconfig(previous, form)
}
