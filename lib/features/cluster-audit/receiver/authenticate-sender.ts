/**
 * Checks a sender's cluster token. Instead of a lookup, it compares the token with all valid ones in memory, in
 * constant time. These are reloaded after a second, or sooner if none matches, but at most twenty times a second,
 * however many tokens an attacker tries.
 */
import { timingSafeEqual } from 'node:crypto'
import { selectAuditTokens } from '#lib/features/cluster-audit/db/cluster-audit-tokens.ts'
import { hashToken } from '#lib/kernel/credentials/token.ts'
import type { Pool } from '#lib/kernel/db/pool.ts'

const keptMs = 1_000
const keptOnMissMs = 50

export type NotSender = 'no_token' | 'bad_token' | 'other_cluster'

/**
 * @returns a function that returns the sending cluster or a reason to reject; it throws if the tokens can’t be loaded
 */
export function createAuthenticateSender(pool: Pool, monotonic: () => number) {
  let read: { at: number; tokens: ReturnType<typeof selectAuditTokens> } | undefined

  async function tokens(notOlderThan: number) {
    if (!read || monotonic() - read.at >= notOlderThan) read = { at: monotonic(), tokens: selectAuditTokens(pool) }
    const { tokens: reading } = read
    try {
      return await reading
    } catch (error) {
      if (read.tokens === reading) read = undefined
      throw error
    }
  }

  /**
   * @param authorization the header
   * @param cluster the name in the path
   */
  return async (
    authorization: string | undefined,
    cluster: string,
  ): Promise<{ name: string; id: string } | NotSender> => {
    if (authorization === undefined) return 'no_token'
    const token = /^bearer (spa_[A-Za-z0-9_-]{43})$/i.exec(authorization)?.[1]
    if (token === undefined) return 'bad_token'
    const hash = hashToken(token)
    const compare = async (notOlderThan: number) =>
      (await tokens(notOlderThan)).filter(
        (one) => one.hash.length === hash.length && timingSafeEqual(one.hash, hash),
      )[0]
    const match = (await compare(keptMs)) ?? (await compare(keptOnMissMs))
    if (!match) return 'bad_token'
    return match.cluster === cluster ? { name: match.cluster, id: match.clusterId } : 'other_cluster'
  }
}
