/**
 * Encrypts texts that the database must not be able to read. Each is encrypted for one purpose, and can't be decrypted
 * for another.
 */
import { hkdfSync } from 'node:crypto'
import { CompactEncrypt, compactDecrypt } from 'jose'

/**
 * @param secret of the configuration
 * @param purpose the kind of text and its owner; part of the key
 */
export type EncryptionKey = { secret: string; purpose: string }

const keyOf = ({ secret, purpose }: EncryptionKey): Uint8Array =>
  new Uint8Array(hkdfSync('sha256', secret, '', `spaceport ${purpose}`, 32))

/** @returns the encrypted text (JWE, RFC 7516: A256GCM) */
export async function encryptText(text: string, key: EncryptionKey): Promise<string> {
  const jwe = new CompactEncrypt(new TextEncoder().encode(text))
  return jwe.setProtectedHeader({ alg: 'dir', enc: 'A256GCM' }).encrypt(keyOf(key))
}

/** @returns the text; null if it was encrypted with another key, or not by encryptText */
export async function decryptText(encrypted: string, key: EncryptionKey): Promise<string | null> {
  try {
    const { plaintext } = await compactDecrypt(encrypted, keyOf(key), {
      keyManagementAlgorithms: ['dir'],
      contentEncryptionAlgorithms: ['A256GCM'],
    })
    return new TextDecoder().decode(plaintext)
  } catch {
    return null
  }
}
