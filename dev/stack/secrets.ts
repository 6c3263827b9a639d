import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { z } from 'zod'

const schema = z.object({ nextAuthSecret: z.string(), oidcClientSecret: z.string(), webhookSecret: z.string() })
export type StackSecrets = z.infer<typeof schema>

/** What a local stack's processes share: made once, then read from the file, which only its owner may read. */
export function keepSecrets(file: string): StackSecrets {
  const kept = existsSync(file) ? z.record(z.string(), z.string()).parse(JSON.parse(readFileSync(file, 'utf8'))) : {}
  const random = () => randomBytes(36).toString('base64url')
  // A file of an earlier release has fewer.
  const made = { nextAuthSecret: random(), oidcClientSecret: random(), webhookSecret: random() }
  const secrets = schema.parse({ ...made, ...kept })
  writeFileSync(file, JSON.stringify(secrets), { mode: 0o600 })
  return secrets
}
