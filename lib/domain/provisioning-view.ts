type Person = { handle: string; name: string }

/** A token with which the identity provider provisions. */
export type ProvisioningToken = {
  id: string
  name: string
  createdAt: Date
  createdBy: Person
  lastUsedAt: Date | null
  lastUsedAddress: string | null
  revokedAt: Date | null
  revokedBy: Person | null
}

/** `people` and `groups`: how many are provisioned. */
export type ProvisioningView = { tokens: ProvisioningToken[]; people: number; groups: number }

/** As many tokens may be in force at once: the old and the new one of a rotation. */
export const maxTokensInForce = 2
