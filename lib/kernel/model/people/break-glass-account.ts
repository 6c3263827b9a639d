/** The account for when the identity provider is unavailable. Each use creates a separate person, from no provider. */
export const breakGlassIssuer = 'spaceport:break-glass'

/** Minutes that the session and the role last. */
export const breakGlassMinutes = 60

export const isBreakGlass = ({ issuer }: { issuer: string }): boolean => issuer === breakGlassIssuer

/** Crockford's base 32: without letters that look like digits, and without U. */
const digits = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
/** 160 bits: too many to guess, even offline, and few enough to type from paper. */
export const breakGlassCodeBytes = 20

/** @param bytes breakGlassCodeBytes random ones @returns them for paper: eight groups of four characters */
export function renderBreakGlassCode(bytes: Uint8Array): string {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('')
  const text = (bits.match(/.{5}/g) ?? []).map((five) => digits[Number.parseInt(five, 2)]).join('')
  return (text.match(/.{4}/g) ?? []).join('-')
}

/** @returns a code as it is hashed: uppercase, without spaces, with O read as 0, and I and L as 1 */
export const plainBreakGlassCode = (typed: string): string =>
  typed.toUpperCase().replace(/[\s-]/g, '').replaceAll('O', '0').replace(/[IL]/g, '1')

export type BreakGlassUse = {
  id: string
  /** ISO 8601. */
  at: string
  handle: string
  sourceAddress: string | null
}
