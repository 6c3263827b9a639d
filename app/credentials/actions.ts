'use server'

import { revalidatePath } from 'next/cache'
import { z } from 'zod'
import type { MadeKubeconfig } from '#components/credentials/made-kubeconfig.ts'
import { createCredential } from '#lib/broker/credentials/create-credential.ts'
import { revokeCredential, revokeCredentialInput } from '#lib/broker/credentials/revoke-credential.ts'
import type { ActionState } from '#lib/domain/action-state.ts'
import { brokerAction } from '#lib/web/action/broker-action.ts'

const make = brokerAction({
  name: 'create-credential',
  input: z
    .strictObject({
      hours: z
        .string()
        .regex(/^\d{1,4}$/, 'Choose how long it is valid.')
        .transform(Number),
    })
    .transform(({ hours }) => ({ space: null, hours })),
  useCase: createCredential,
  after: (made) => {
    revalidatePath('/credentials')
    return { data: made }
  },
})

const revoke = brokerAction({
  name: 'revoke-credential',
  input: revokeCredentialInput,
  useCase: revokeCredential,
  after: () => {
    revalidatePath('/credentials')
    return { message: 'Revoked. kubectl can’t use it anymore.' }
  },
})

/** Makes a kubeconfig for all of the person's spaces; it is in this answer and nowhere else. */
export async function createKubeconfigForAllAction(
  previous: ActionState<MadeKubeconfig>,
  form: FormData,
): Promise<ActionState<MadeKubeconfig>> {
  return make(previous, form)
}

/** Ends one of the person's credentials at once. */
export async function revokeCredentialAction(previous: ActionState, form: FormData): Promise<ActionState> {
  return revoke(previous, form)
}
