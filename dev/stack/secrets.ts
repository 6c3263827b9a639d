import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { z } from 'zod'

const schema = z.object({ nextAuthSecret: z.string(), oidcClientSecret: z.string() })
export type StackSecrets = z.infer<typeof schema>

/** What a local stack's processes share: made once, then read from the file, which only its owner may read. */
export function keepSecrets(file: string): StackSecrets {
  if (existsSync(file)) return schema.parse(JSON.parse(readFileSync(file, 'utf8')))
  const random = () => randomBytes(36).toString('base64url')
  const secrets = { nextAuthSecret: random(), oidcClientSecret: random() }
  writeFileSync(file, JSON.stringify(secrets), { mode: 0o600 })
  return secrets
}
