export type EmailAddress = { address: string; domain: string }

const label = '[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?'
/** A domain of at least two labels, in lowercase; internationalized ones in ASCII form (RFC 5890: `xn--…`). */
const domainPattern = new RegExp(`^(?=.{1,253}$)${label}(?:\\.${label})+$`)
/** A dot-atom (RFC 5322, section 3.2.3). */
const localPattern = /^[a-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}$/

/** Only A to Z: some letters beyond ASCII have a lowercase in ASCII, such as the Kelvin sign. */
const asciiLowercase = (text: string): string => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase())

/**
 * Reads an address in its plain form. Refuses quoted local parts, a second `@`, a trailing dot, comments and characters
 * beyond ASCII: valid in some standard, but programs disagree about them.
 * @returns null if the text isn't a plain address
 */
export function parseEmailAddress(text: string): EmailAddress | null {
  const [local = '', domain = '', ...more] = asciiLowercase(text).split('@')
  if (more.length > 0 || !localPattern.test(local) || !domainPattern.test(domain)) return null
  return { address: `${local}@${domain}`, domain }
}
