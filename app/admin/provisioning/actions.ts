'use server'

import { revalidatePath } from 'next/cache'
import { createProvisioningToken, createTokenInput } from '#lib/broker/provisioning/create-token.ts'
import { revokeProvisioningToken, revokeTokenInput } from '#lib/broker/provisioning/revoke-token.ts'
import { brokerAction } from '#lib/web/action/broker-action.ts'

/** Makes a provisioning token, which is shown this once. */
export const createProvisioningTokenAction = brokerAction({
  name: 'create-provisioning-token',
  input: createTokenInput,
  useCase: createProvisioningToken,
  after: ({ token }): { message: string; data: { token: string } } => {
    revalidatePath('/admin/provisioning')
    return { message: 'Token created.', data: { token } }
  },
})

/** Revokes a provisioning token. */
export const revokeProvisioningTokenAction = brokerAction({
  name: 'revoke-provisioning-token',
  input: revokeTokenInput,
  useCase: revokeProvisioningToken,
  after: () => {
    revalidatePath('/admin/provisioning')
    return { message: 'Token revoked. The next request with it is refused.' }
  },
})
