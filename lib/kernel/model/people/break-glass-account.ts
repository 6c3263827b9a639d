/**
 * The account for the day when the identity provider is gone. Whoever uses its code is a person of their own, from no
 * provider.
 */
export const sealedIssuer = 'spaceport:sealed'

/** How long a use of its code lasts: the session and the role, in minutes. */
export const sealedMinutes = 60

export const isSealed = ({ issuer }: { issuer: string }): boolean => issuer === sealedIssuer

/** Crockford's base 32: without the letters that look like digits, and without U. */
const digits = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
/** 160 bits: far more than can be guessed or tried offline, and few enough to type from paper. */
export const sealedCodeBytes = 20

/** @param bytes as many random ones as sealedCodeBytes says @returns them for paper: eight groups of four characters */
export function renderSealedCode(bytes: Uint8Array): string {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('')
  const text = (bits.match(/.{5}/g) ?? []).map((five) => digits[Number.parseInt(five, 2)]).join('')
  return (text.match(/.{4}/g) ?? []).join('-')
}

/** @returns a code as it is hashed, however it was typed: in small letters, with blanks, with O for 0 and I or L for 1 */
export const plainSealedCode = (typed: string): string =>
  typed.toUpperCase().replace(/[\s-]/g, '').replaceAll('O', '0').replace(/[IL]/g, '1')

/** A use of its code that no admin has acknowledged. */
export type SealedUse = {
  id: string
  /** ISO 8601. */
  at: string
  /** The account that it made. */
  handle: string
  sourceAddress: string | null
}
