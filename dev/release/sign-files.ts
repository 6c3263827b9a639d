import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign } from 'node:crypto'
import { createReadStream, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'

const sumsFile = 'SHA256SUMS'

/**
 * Writes the SHA-256 of each file of a release, in the format of `sha256sum --check`, and signs that list.
 * @param keyFile a private key in PEM: Ed25519, ECDSA or RSA; null: nothing is signed
 * @returns the names of the files that it added
 * @throws Error when the key can't be read
 */
export async function signFiles(folder: string, keyFile: string | null): Promise<string[]> {
  const key = keyFile === null ? null : readKey(keyFile)
  const names = readdirSync(folder).sort()
  const lines = await Promise.all(names.map(async (name) => `${await sha256(join(folder, name))}  ${name}\n`))
  const sums = lines.join('')
  writeFileSync(join(folder, sumsFile), sums)
  if (key === null) return [sumsFile]
  // Ed25519 signs the message, not a digest of it (RFC 8032).
  const algorithm = key.asymmetricKeyType === 'ed25519' ? null : 'sha256'
  writeFileSync(join(folder, `${sumsFile}.sig`), sign(algorithm, Buffer.from(sums), key))
  writeFileSync(join(folder, `${sumsFile}.pub`), createPublicKey(key).export({ type: 'spki', format: 'pem' }))
  return [sumsFile, `${sumsFile}.sig`, `${sumsFile}.pub`]
}

/** @throws Error when it is not a private key in PEM, or has a passphrase */
export function readKey(file: string): KeyObject {
  try {
    return createPrivateKey(readFileSync(file))
  } catch (cause) {
    throw new Error(`${file} is not a private key in PEM without a passphrase.`, { cause })
  }
}

async function sha256(file: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(file), hash)
  return hash.digest('hex')
}
