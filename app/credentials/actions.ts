'use server'

import { revalidatePath } from 'next/cache'
import { hours, ids } from '#app/form-fields.ts'
import {
  createCredentialForAll,
  createCredentialForAllInput,
} from '#lib/features/credentials/use-cases/create-credential.ts'
import { revokeCredential, revokeCredentialInput } from '#lib/features/credentials/use-cases/revoke-credential.ts'
import {
  revokeOwnCredentials,
  revokeOwnCredentialsInput,
} from '#lib/features/credentials/use-cases/revoke-credentials.ts'
import { inNumber } from '#lib/kernel/model/in-number.ts'
import { brokerAction } from '#lib/web/action/broker-action.ts'
import { formOf } from '#lib/web/action/form-of.ts'

/** Creates a kubeconfig for all of the person's spaces. Only this answer contains it. */
export const createKubeconfigForAllAction = brokerAction({
  name: 'create-credential',
  input: formOf(createCredentialForAllInput, { hours }),
  useCase: createCredentialForAll,
  after: (made) => {
    revalidatePath('/credentials')
    return { data: made }
  },
})

/** Revokes one of the person's credentials. */
export const revokeCredentialAction = brokerAction({
  name: 'revoke-credential',
  input: revokeCredentialInput,
  useCase: revokeCredential,
  after: () => revalidatePath('/credentials'),
})

/** Revokes several of the person's credentials. */
export const revokeOwnCredentialsAction = brokerAction({
  name: 'revoke-own-credentials',
  input: formOf(revokeOwnCredentialsInput, { ids }),
  useCase: revokeOwnCredentials,
  after: (count) => {
    revalidatePath('/credentials')
    return { message: `${inNumber(count, 'kubeconfig')} revoked. kubectl can’t use them anymore.` }
  },
})
