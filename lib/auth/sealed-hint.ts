import { hkdfSync } from 'node:crypto'
import { CompactEncrypt, compactDecrypt } from 'jose'

/**
 * The longest ID token that is kept as a hint: it travels in the provider's sign-out URL, and servers commonly limit a
 * whole request line to 8 kB. A person in hundreds of groups has a longer one.
 */
const maxHintLength = 4_000

const keyOf = (secret: string): Uint8Array =>
  new Uint8Array(hkdfSync('sha256', secret, '', 'spaceport hint of the sign-out', 32))

/**
 * @param idToken what the provider issued at sign-in: it contains name, e-mail and groups, and proves who asks for a
 *   sign-out
 * @param secret NEXTAUTH_SECRET
 * @returns what the database stores of it (JWE, RFC 7516: A256GCM); null: nothing, since it is too long to be of use
 */
export async function sealHint(idToken: string | null, secret: string): Promise<string | null> {
  if (idToken === null || idToken.length > maxHintLength) return null
  const jwe = new CompactEncrypt(new TextEncoder().encode(idToken))
  return jwe.setProtectedHeader({ alg: 'dir', enc: 'A256GCM' }).encrypt(keyOf(secret))
}

/** @returns the ID token; null if there is none, or it was sealed with another secret */
export async function openHint(sealed: string | null, secret: string): Promise<string | null> {
  if (sealed === null) return null
  try {
    const { plaintext } = await compactDecrypt(sealed, keyOf(secret), {
      keyManagementAlgorithms: ['dir'],
      contentEncryptionAlgorithms: ['A256GCM'],
    })
    return new TextDecoder().decode(plaintext)
  } catch {
    return null
  }
}
