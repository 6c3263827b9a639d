export const approvalBounds = { min: 1, max: 5 } as const

export const policyBounds = {
  spaceLimit: { min: 0, max: 1_000 },
  /** Maximum days of a space or a role. */
  days: { min: 1, max: 3_650 },
  requestDays: { min: 1, max: 90 },
  exemptGroups: 50,
  credentialHours: { min: 1, max: 720 },
  /** Active credentials of one person. Limited, because deactivating a person revokes them all in one transaction. */
  credentials: { min: 1, max: 500 },
  /** Hours for which the provider's claims about a person's groups count. */
  groupHours: { min: 1, max: 720 },
  /**
   * Days without being seen after which people are deactivated. The database enforces the minimum on the worker too.
   */
  unseenDays: { min: 30, max: 3_650 },
  /** Hours for which a credential needs no fresh sign-in. */
  freshSignInHours: { min: 1, max: 720 },
} as const
