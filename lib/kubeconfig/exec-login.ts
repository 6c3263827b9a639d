import { z } from 'zod'
import type { ClusterAccess } from './cluster-access.ts'
import { CredentialError, isCredentialError } from './credential-error.ts'
import { isToken } from './follow-files.ts'
import type { ExecPlugin } from './kubeconfig-schema.ts'
import { areOnePair } from './pem.ts'
import { runPlugin } from './run-plugin.ts'

export type IssuedCredential = { token: string | undefined; cert: string | undefined; key: string | undefined }

export type ExecLogin = {
  /** @throws CredentialError */
  current(): Promise<IssuedCredential>
  /** Called when the API server rejected the credential: the plugin is asked again. */
  refused(): void
}

/** Some plugins sign in at a cloud first, on a busy machine. */
const timeoutMs = 30_000
/** A credential that expires within this time is replaced, so that no request uses an expired one. */
const marginMs = 15_000
/** The shortest pause between two starts of the plugin, even if it fails or its credentials are rejected. */
const pauseMs = 5_000

/**
 * As kubectl does, asks the plugin when needed, and keeps the credential until it expires or is rejected.
 * @param limits for tests
 */
export function createExecLogin(
  plugin: ExecPlugin,
  called: ClusterAccess['called'],
  limits: { timeoutMs: number; pauseMs: number } = { timeoutMs, pauseMs },
): ExecLogin {
  let asked: { at: number; answer: Promise<IssuedCredential> } | undefined
  let asking = false
  /** Until when the credential is valid, on the clock that never jumps. */
  let until = Number.NEGATIVE_INFINITY

  const ask = async (): Promise<IssuedCredential> => {
    asking = true
    try {
      const issued = parseCredential(await runPlugin(plugin, limits.timeoutMs), plugin.apiVersion)
      until = performance.now() + issued.endsAt - Date.now() - marginMs
      return issued.credential
    } catch (error) {
      if (!isCredentialError(error)) throw error
      until = performance.now() + limits.pauseMs
      throw new CredentialError(`the plugin “${plugin.command}” of user “${called.user}” ${error.message}`)
    } finally {
      asking = false
    }
  }
  return {
    async current() {
      if (!asked || (!asking && performance.now() >= until)) asked = { at: performance.now(), answer: ask() }
      return await asked.answer
    },
    refused() {
      if (asked && !asking) until = Math.min(until, asked.at + limits.pauseMs)
    },
  }
}

const statusSchema = z.object({
  token: z.string().refine(isToken).optional(),
  clientCertificateData: z.string().optional(),
  clientKeyData: z.string().optional(),
  expirationTimestamp: z.iso.datetime({ offset: true }).optional(),
})

/** @throws CredentialError that names fields, never their values */
function parseCredential(text: string, apiVersion: string): { credential: IssuedCredential; endsAt: number } {
  const schema = z.object({
    apiVersion: z.literal(apiVersion),
    kind: z.literal('ExecCredential'),
    status: statusSchema,
  })
  const parsed = schema.safeParse(parseJson(text))
  if (!parsed.success) {
    const fields = parsed.error.issues.map(({ path }) => path.join('.')).filter((path) => path !== '')
    throw new CredentialError(
      `printed no ExecCredential of ${apiVersion}${fields.length > 0 ? ` (wrong: ${fields.join(', ')})` : ''}`,
    )
  }
  const { token, clientCertificateData: cert, clientKeyData: key, expirationTimestamp } = parsed.data.status
  const hasPair = cert !== undefined && key !== undefined && areOnePair(cert, key)
  if ((cert !== undefined || key !== undefined) && !hasPair)
    throw new CredentialError('printed a client certificate and key that can’t be used')
  if (token === undefined && !hasPair) throw new CredentialError('printed neither a token nor a client certificate')
  return {
    credential: { token, cert, key },
    endsAt: expirationTimestamp === undefined ? Number.POSITIVE_INFINITY : Date.parse(expirationTimestamp),
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
