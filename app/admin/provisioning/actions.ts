'use server'

import { revalidatePath } from 'next/cache'
import { lastDay } from '#app/form-fields.ts'
import {
  approveProvisioningToken,
  declineProvisioningToken,
  tokenRequestInput,
} from '#lib/features/scim/use-cases/decide-token-request.ts'
import {
  freezeInput,
  freezeProvisioning,
  unfreezeProvisioning,
} from '#lib/features/scim/use-cases/freeze-provisioning.ts'
import { removePushedGroup, removePushedGroupInput } from '#lib/features/scim/use-cases/remove-pushed-group.ts'
import { askForProvisioningToken, askForTokenInput } from '#lib/features/scim/use-cases/request-token.ts'
import { revealProvisioningToken } from '#lib/features/scim/use-cases/reveal-token.ts'
import { revokeProvisioningToken, revokeTokenInput } from '#lib/features/scim/use-cases/revoke-token.ts'
import { takeOverProvisioningToken, takeOverTokenInput } from '#lib/features/scim/use-cases/take-over-token.ts'
import { brokerAction } from '#lib/web/action/broker-action.ts'
import { formWith } from '#lib/web/action/form-of.ts'

const done = (message: string) => () => {
  revalidatePath('/admin/provisioning')
  return { message }
}

export const askForTokenAction = brokerAction({
  name: 'create-provisioning-token',
  input: formWith(askForTokenInput, { expiresAt: lastDay.transform((end) => end ?? undefined) }, (form) => form),
  useCase: askForProvisioningToken,
  after: done('Request sent. The other platform admins are notified.'),
})

export const approveTokenAction = brokerAction({
  name: 'approve-provisioning-token',
  input: tokenRequestInput,
  useCase: approveProvisioningToken,
  after: done('Token approved.'),
})

/** Declines a request, or withdraws the viewer's own. */
export const declineTokenAction = brokerAction({
  name: 'decline-provisioning-token',
  input: tokenRequestInput,
  useCase: declineProvisioningToken,
  after: done('Request closed.'),
})

/** Creates the approved token, which is shown only once. */
export const revealTokenAction = brokerAction({
  name: 'create-provisioning-token',
  input: tokenRequestInput,
  useCase: revealProvisioningToken,
  after: ({ token }): { message: string; data: { token: string } } => {
    revalidatePath('/admin/provisioning')
    return { message: 'Token created.', data: { token } }
  },
})

export const takeOverTokenAction = brokerAction({
  name: 'take-over-provisioning-token',
  input: takeOverTokenInput,
  useCase: takeOverProvisioningToken,
  after: done('You are now responsible for this token.'),
})

export const removePushedGroupAction = brokerAction({
  name: 'remove-pushed-group',
  input: removePushedGroupInput,
  useCase: removePushedGroup,
  after: done('Group removed.'),
})

export const revokeProvisioningTokenAction = brokerAction({
  name: 'revoke-provisioning-token',
  input: revokeTokenInput,
  useCase: revokeProvisioningToken,
  after: done('Token revoked. The next request with it is refused.'),
})

export const freezeProvisioningAction = brokerAction({
  name: 'freeze-provisioning',
  input: freezeInput,
  useCase: freezeProvisioning,
  after: done('Provisioning is frozen.'),
})

export const unfreezeProvisioningAction = brokerAction({
  name: 'unfreeze-provisioning',
  input: freezeInput,
  useCase: unfreezeProvisioning,
  after: done('Provisioning is no longer frozen.'),
})
