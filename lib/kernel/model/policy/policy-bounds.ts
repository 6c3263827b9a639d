/** How many people may have to approve a request. */
export const approvalBounds = { min: 1, max: 5 } as const

/** The bounds of each number that admins set. */
export const policyBounds = {
  spaceLimit: { min: 0, max: 1_000 },
  /** Days that a space or a role may last at the most. */
  days: { min: 1, max: 3_650 },
  requestDays: { min: 1, max: 90 },
  exemptGroups: 50,
  /** Hours that a credential may last at the most. */
  credentialHours: { min: 1, max: 720 },
  /** Credentials of one person that work at a time: deactivating the person revokes them all in one transaction. */
  credentials: { min: 1, max: 500 },
  /** Hours that what the provider said of a person's groups may count. */
  groupHours: { min: 1, max: 720 },
  /** Days after which people who are not seen are deactivated. The database holds the worker to the least too. */
  unseenDays: { min: 30, max: 3_650 },
  /** Hours for which a credential needs no fresh sign-in. */
  freshSignInHours: { min: 1, max: 720 },
} as const
