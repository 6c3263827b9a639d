/** A group of the main identity provider, from sign-ins or provisioning. */
export type KnownGroup = {
  group: string
  /** Members who have signed in or were provisioned. */
  people: number
}
