import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { z } from 'zod'
import { makeAuditToken } from '#lib/kernel/credentials/token.ts'

const schema = z.object({
  nextAuthSecret: z.string(),
  oidcClientSecret: z.string(),
  webhookSecret: z.string(),
  auditToken: z.string(),
  checkpointKey: z.string(),
})
export type StackSecrets = z.infer<typeof schema>

const makeCheckpointKey = (): string =>
  generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()

/**
 * The shared secrets of a local stack's processes: created once, then read from the file, which only its owner may
 * read.
 */
export function keepSecrets(file: string): StackSecrets {
  const kept = existsSync(file) ? z.record(z.string(), z.string()).parse(JSON.parse(readFileSync(file, 'utf8'))) : {}
  const random = () => randomBytes(36).toString('base64url')
  const made = {
    nextAuthSecret: random(),
    oidcClientSecret: random(),
    webhookSecret: random(),
    auditToken: makeAuditToken(randomBytes).token,
    checkpointKey: makeCheckpointKey(),
  }
  const secrets = schema.parse({ ...made, ...kept })
  writeFileSync(file, JSON.stringify(secrets), { mode: 0o600 })
  return secrets
}
