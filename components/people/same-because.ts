import type { OtherAccount } from '#lib/kernel/model/people/other-account.ts'

/** @returns why an account may be the same person's */
export const sameBecause = (by: OtherAccount['by'], email: string): string =>
  by === 'subject' ? 'Same subject of the same issuer' : `Same e-mail address: ${email}`
