/** Another account that may belong to the same person. */
export type OtherAccount = {
  id: string
  handle: string
  name: string
  email: string
  issuer: string
  /**
   * `subject`: the same subject or `sub` of the same issuer, under either spelling. `email`: the same address at
   * another provider; only a human can tell whether it is the same person, because an address gives no rights.
   */
  by: 'subject' | 'email'
  deactivated: boolean
}
