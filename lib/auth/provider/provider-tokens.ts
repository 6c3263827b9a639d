/** The tokens with which the provider can be asked about a person again, as a session keeps them. */
import { z } from 'zod'
import { decryptText, encryptText } from '#lib/encryption/encrypted-text.ts'

/** Longer ones aren't kept: a person in hundreds of groups has an access token of many kilobytes. */
const maxLength = 16_000
/** An access token is not used in the last minute before it expires, so that a refusal means more than that. */
const marginMs = 60_000

const shape = z.strictObject({
  refreshToken: z.string().nullable(),
  accessToken: z.string().nullable(),
  /** Until when the access token is valid, in milliseconds since 1970; null: the provider didn't say. */
  accessUntil: z.number().nullable(),
  /** Which of the provider's answers listed the groups. */
  groupsFrom: z.enum(['id_token', 'userinfo', 'graph']).nullable(),
})
export type ProviderTokens = z.infer<typeof shape>

/** @returns until when an access token is valid */
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
 * @param tokenHash of the session's own token: sealed tokens are of no use in another session
 * @returns what the database stores; null: nothing, since there is nothing to ask with
 */
export async function encryptTokens(
  tokens: ProviderTokens,
  { secret, tokenHash }: { secret: string; tokenHash: Uint8Array },
): Promise<string | null> {
  const { refreshToken } = tokens
  // A refresh token gives a new access token.
  const kept = refreshToken === null ? tokens : { ...tokens, accessToken: null, accessUntil: null }
  if (kept.refreshToken === null && kept.accessToken === null) return null
  const text = JSON.stringify(kept)
  return text.length > maxLength ? null : encryptText(text, keyOf(secret, tokenHash))
}

/** @returns the tokens; null if they were sealed with another secret or for another session */
export async function openTokens(
  sealed: string,
  { secret, tokenHash }: { secret: string; tokenHash: Uint8Array },
): Promise<ProviderTokens | null> {
  const text = await decryptText(sealed, keyOf(secret, tokenHash))
  return text === null ? null : shape.parse(JSON.parse(text))
}
