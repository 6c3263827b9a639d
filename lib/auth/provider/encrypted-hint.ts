import { decryptText, encryptText } from '#lib/encryption/encrypted-text.ts'

/**
 * The longest ID token kept as a hint: it goes into the provider's sign-out URL, and servers commonly limit a request
 * line to 8 kB. People in hundreds of groups have longer ones.
 */
const maxHintLength = 4_000

const purpose = 'hint of the sign-out'

/**
 * @param idToken issued by the provider at sign-in; it contains name, email and groups, and identifies the person at
 *   sign-out
 * @param secret NEXTAUTH_SECRET
 * @returns encrypted text for the database; null: the token is missing or too long
 */
export async function encryptHint(idToken: string | null, secret: string): Promise<string | null> {
  if (idToken === null || idToken.length > maxHintLength) return null
  return encryptText(idToken, { secret, purpose })
}

/** @returns the ID token; null: there is none, or it was encrypted with another secret */
export const openHint = async (sealed: string | null, secret: string): Promise<string | null> =>
  sealed === null ? null : decryptText(sealed, { secret, purpose })
