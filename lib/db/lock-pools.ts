import { createPool, type Pool, type PoolOptions } from './pool.ts'

/** Connections that hold spaces' locks, for each cluster its own: what hangs on one never keeps another's spaces waiting. */
export type LockPools = {
  of(cluster: string): Pool
  end(): Promise<void>
}

/**
 * Nothing is opened before its first use.
 * @param clusters how many there are: several have fewer connections each
 */
export function createLockPools(
  databaseUrl: string,
  options: Omit<PoolOptions, 'max'>,
  clusters: number,
  onError: (error: Error) => void,
): LockPools {
  const pools = new Map<string, Pool>()
  const max = clusters > 1 ? 5 : 10
  return {
    of(cluster) {
      const pool = pools.get(cluster) ?? createPool(databaseUrl, { ...options, max }, onError)
      pools.set(cluster, pool)
      return pool
    },
    async end() {
      await Promise.all([...pools.values()].map((pool) => pool.end()))
    },
  }
}
