/** The tokens in a session with which the provider can be asked about its person again. */
import { z } from 'zod'
import { decryptText, encryptText } from '#lib/encryption/encrypted-text.ts'

/** Longer ones aren't stored: the access token of a person in hundreds of groups has many kilobytes. */
const maxLength = 16_000
/** An access token isn't used in its last minute, so that a refusal doesn't just mean that it expired. */
const marginMs = 60_000

const shape = z.strictObject({
  refreshToken: z.string().nullable(),
  accessToken: z.string().nullable(),
  /** When the access token expires, in milliseconds since 1970; null: the provider didn't say. */
  accessUntil: z.number().nullable(),
  groupsFrom: z.enum(['id_token', 'userinfo', 'graph']).nullable(),
})
export type ProviderTokens = z.infer<typeof shape>

/** @returns when an access token expires, in milliseconds since 1970 */
export const accessUntil = (at: Date, expiresInSeconds: number | undefined): number | null =>
  expiresInSeconds === undefined ? null : at.getTime() + expiresInSeconds * 1_000

export const isAccessValid = ({ accessToken, accessUntil }: ProviderTokens, at: Date): boolean =>
  accessToken !== null && accessUntil !== null && at.getTime() < accessUntil - marginMs

const keyOf = (secret: string, tokenHash: Uint8Array) => ({
  secret,
  purpose: `tokens of the session ${Buffer.from(tokenHash).toString('hex')}`,
})

/**
 * @param secret NEXTAUTH_SECRET
 * @param tokenHash of the session's own token; binds the encrypted text to this session
 * @returns encrypted text for the database; null: there are no tokens to ask with
 */
export async function encryptTokens(
  tokens: ProviderTokens,
  { secret, tokenHash }: { secret: string; tokenHash: Uint8Array },
): Promise<string | null> {
  const { refreshToken } = tokens
  // A refresh token gives a new access token.
  const stored = refreshToken === null ? tokens : { ...tokens, accessToken: null, accessUntil: null }
  if (stored.refreshToken === null && stored.accessToken === null) return null
  const text = JSON.stringify(stored)
  return text.length > maxLength ? null : encryptText(text, keyOf(secret, tokenHash))
}

/** @returns the tokens; null if they were encrypted with another secret or for another session */
export async function openTokens(
  sealed: string,
  { secret, tokenHash }: { secret: string; tokenHash: Uint8Array },
): Promise<ProviderTokens | null> {
  const text = await decryptText(sealed, keyOf(secret, tokenHash))
  return text === null ? null : shape.parse(JSON.parse(text))
}
