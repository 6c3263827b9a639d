/**
 * Items of the lists that say who may sign in and who has a platform role by name. Must never read an item differently
 * from sign-in (lib/auth/sign-in/admission-of.test.ts compares the two).
 */
import { z } from 'zod'

const label = '[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?'
const domain = `(?=.{1,253}$)${label}(?:\\.${label})+`
const domainPattern = new RegExp(`^${domain}$`)
/** A plain address: RFC 5322, section 3.2.3 (dot-atom). */
const addressPattern = new RegExp(`^[a-z0-9!#$%&'*+/=?^_\`{|}~.-]{1,64}@${domain}$`)
/** OpenID Connect Core 1.0, section 2: at most 255 ASCII characters. */
const subjectPattern = /^sub:[\x21-\x7e]{1,255}$/
/** Without characters that are invisible or change how others are read. */
const groupPattern = /^[^\p{Cc}\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]{1,1024}$/u

const asciiLowercase = (text: string): string => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase())

/** Its members may sign in. */
export const signInGroup = z
  .string()
  .refine((value) => groupPattern.test(value) && value.trim() === value, 'is not a group name')

/** A domain of email addresses, in lowercase. */
export const signInDomain = z
  .string()
  .transform(asciiLowercase)
  .refine((value) => domainPattern.test(value), 'is not an ASCII domain without *, such as example.com')

/** A person: `sub:` and their subject, or their email address in lowercase. */
export const personName = z.union(
  [z.string().regex(subjectPattern), z.string().transform(asciiLowercase).pipe(z.string().regex(addressPattern))],
  'is neither sub:SUBJECT nor an email address',
)
