export type OtherAccount = {
  id: string
  handle: string
  name: string
  email: string
  issuer: string
  /**
   * `subject`: the same subject or `sub` at the same issuer, under either spelling. `email`: the same address at
   * another provider, which gives no rights; a person must decide whether it is the same one.
   */
  by: 'subject' | 'email'
  deactivated: boolean
}
