import { decryptText, encryptText } from '#lib/encryption/encrypted-text.ts'

/**
 * The longest ID token that is kept as a hint: it travels in the provider's sign-out URL, and servers commonly limit a
 * whole request line to 8 kB. A person in hundreds of groups has a longer one.
 */
const maxHintLength = 4_000

const purpose = 'hint of the sign-out'

/**
 * @param idToken what the provider issued at sign-in: it contains name, e-mail and groups, and proves who asks for a
 *   sign-out
 * @param secret NEXTAUTH_SECRET
 * @returns what the database stores of it; null: nothing, since it is too long to be of use
 */
export async function encryptHint(idToken: string | null, secret: string): Promise<string | null> {
  if (idToken === null || idToken.length > maxHintLength) return null
  return encryptText(idToken, { secret, purpose })
}

/** @returns the ID token; null if there is none, or it was sealed with another secret */
export const openHint = async (sealed: string | null, secret: string): Promise<string | null> =>
  sealed === null ? null : decryptText(sealed, { secret, purpose })
