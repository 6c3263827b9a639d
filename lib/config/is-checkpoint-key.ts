import { createPrivateKey } from 'node:crypto'

/** @returns whether it is an Ed25519 private key: PEM (PKCS #8), or the same in base64 */
export function isCheckpointKey(value: string): boolean {
  const pem = value.includes('-----BEGIN') ? value : Buffer.from(value, 'base64').toString()
  try {
    return createPrivateKey(pem).asymmetricKeyType === 'ed25519'
  } catch {
    return false
  }
}
