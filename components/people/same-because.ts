import type { OtherAccount } from '#lib/kernel/model/people/other-account.ts'

/** @returns why an account may belong to the same person */
export const sameBecause = (by: OtherAccount['by'], email: string): string =>
  by === 'subject' ? 'Same subject at the same issuer' : `Same email address: ${email}`
