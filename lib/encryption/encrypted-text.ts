/** What the database keeps of texts that it may not read: each is sealed for one purpose, and opens for no other. */
import { hkdfSync } from 'node:crypto'
import { CompactEncrypt, compactDecrypt } from 'jose'

/** @param secret of the configuration @param purpose what the text is, and whose: a part of the key */
export type EncryptionKey = { secret: string; purpose: string }

const keyOf = ({ secret, purpose }: EncryptionKey): Uint8Array =>
  new Uint8Array(hkdfSync('sha256', secret, '', `spaceport ${purpose}`, 32))

/** @returns the text, sealed (JWE, RFC 7516: A256GCM) */
export async function encryptText(text: string, key: EncryptionKey): Promise<string> {
  const jwe = new CompactEncrypt(new TextEncoder().encode(text))
  return jwe.setProtectedHeader({ alg: 'dir', enc: 'A256GCM' }).encrypt(keyOf(key))
}

/** @returns the text; null if it was sealed with another key, or not by encryptText */
export async function openText(sealed: string, key: EncryptionKey): Promise<string | null> {
  try {
    const { plaintext } = await compactDecrypt(sealed, keyOf(key), {
      keyManagementAlgorithms: ['dir'],
      contentEncryptionAlgorithms: ['A256GCM'],
    })
    return new TextDecoder().decode(plaintext)
  } catch {
    return null
  }
}
