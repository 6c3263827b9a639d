import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { exportJWK, generateKeyPair } from 'jose'
import { z } from 'zod'

const schema = z.object({ keys: z.array(z.looseObject({ kty: z.string() })), cookies: z.array(z.string()) })
export type Secrets = z.infer<typeof schema>

/**
 * The keys that sign tokens and cookies: created once, kept in a file that only its owner may read.
 * @param algorithm for tokens; used when the keys are created
 */
export async function keepSecrets(dir: string, algorithm: string): Promise<Secrets> {
  const file = join(dir, 'secrets.json')
  if (existsSync(file)) return schema.parse(JSON.parse(readFileSync(file, 'utf8')))
  mkdirSync(dir, { recursive: true, mode: 0o700 })
  const { privateKey } = await generateKeyPair(algorithm, { extractable: true })
  const jwk = await exportJWK(privateKey)
  const secrets = schema.parse({
    keys: [{ ...jwk, use: 'sig', alg: algorithm, kid: randomBytes(8).toString('hex') }],
    cookies: [randomBytes(32).toString('base64url')],
  })
  writeFileSync(file, JSON.stringify(secrets), { mode: 0o600 })
  return secrets
}
