/** An account that may be the same person's. */
export type OtherAccount = {
  id: string
  handle: string
  name: string
  email: string
  issuer: string
  /**
   * `subject`: the same subject or `sub` of the same issuer, which may be spelled differently. `email`: the same address at another provider,
   * which only a person can tell to be theirs: an address gives no rights.
   */
  by: 'subject' | 'email'
  deactivated: boolean
}
