'use server'

import { spaceForm } from '#app/spaces/space-form.ts'
import type { SecretValue } from '#lib/features/spaces/model/secret-value.ts'
import { gatewayAction } from '#lib/web/action/broker-action.ts'
import { showSecretInput, showSecretValue } from '#lib/web/gateway/read-secret.ts'

/** Returns the value of one key of a Secret. */
export const showSecretAction = gatewayAction({
  name: 'show-secret',
  input: spaceForm(showSecretInput, {}),
  ask: showSecretValue,
  after: (data): { data: SecretValue } => ({ data }),
})
