/** A group that people named at sign-in or provisioning. */
export type KnownGroup = {
  group: string
  /** Its provider; null: the main one. */
  issuer: string | null
  /** Members who have signed in or were provisioned. */
  people: number
}
