/** How people recognize a kubeconfig: its name and the start of its token; null: none, or unknown. */
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
