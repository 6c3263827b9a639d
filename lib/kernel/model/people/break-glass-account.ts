/**
 * The account for the day when the identity provider is gone. Whoever uses its code is a person of their own, from no
 * provider.
 */
export const breakGlassIssuer = 'spaceport:break-glass'

/** How long a use of its code lasts: the session and the role, in minutes. */
export const breakGlassMinutes = 60

export const isBreakGlass = ({ issuer }: { issuer: string }): boolean => issuer === breakGlassIssuer

/** Crockford's base 32: without the letters that look like digits, and without U. */
const digits = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
/** 160 bits: far more than can be guessed or tried offline, and few enough to type from paper. */
export const breakGlassCodeBytes = 20

/** @param bytes as many random ones as breakGlassCodeBytes says @returns them for paper: eight groups of four characters */
export function renderBreakGlassCode(bytes: Uint8Array): string {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('')
  const text = (bits.match(/.{5}/g) ?? []).map((five) => digits[Number.parseInt(five, 2)]).join('')
  return (text.match(/.{4}/g) ?? []).join('-')
}

/** @returns a code as it is hashed, however it was typed: in small letters, with blanks, with O for 0 and I or L for 1 */
export const plainBreakGlassCode = (typed: string): string =>
  typed.toUpperCase().replace(/[\s-]/g, '').replaceAll('O', '0').replace(/[IL]/g, '1')

/** A use of its code that no admin has acknowledged. */
export type BreakGlassUse = {
  id: string
  /** ISO 8601. */
  at: string
  /** The account that it made. */
  handle: string
  sourceAddress: string | null
}
