/** What a kubeconfig is told apart by: what its owner calls it, and how its token begins; null: it has none, or none is known. */
export type CredentialMarks = { name: string | null; tokenStart: string | null }

export type CredentialView = CredentialMarks & {
  id: string
  /** Null: all of the person's spaces. */
  space: { name: string; cluster: string; deleted: boolean } | null
  createdAt: Date
  endsAt: Date
  revokedAt: Date | null
  lastUsedAt: Date | null
  lastUsedAddress: string | null
  lastUsedClient: string | null
  state: 'active' | 'ended' | 'revoked'
}
