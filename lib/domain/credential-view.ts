export type CredentialView = {
  id: string
  /** Null: all of the person's spaces. */
  space: { name: string; cluster: string; deleted: boolean } | null
  createdAt: Date
  endsAt: Date
  revokedAt: Date | null
  lastUsedAt: Date | null
  lastUsedAddress: string | null
  state: 'active' | 'ended' | 'revoked'
}
