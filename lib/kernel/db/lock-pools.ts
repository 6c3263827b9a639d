import { createPool, type Pool, type PoolOptions } from './pool.ts'

/**
 * Connections for space locks, one pool per cluster, so that an unresponsive cluster never blocks the spaces of
 * another.
 */
export type LockPools = {
  of(cluster: string): Pool
  end(): Promise<void>
}

/**
 * Pools are opened on first use.
 * @param options.max maximum number of connections for each cluster
 */
export function createLockPools(databaseUrl: string, options: PoolOptions, onError: (error: Error) => void): LockPools {
  const pools = new Map<string, Pool>()
  return {
    of(cluster) {
      // A caller that waits for a space's lock waits for another caller's whole change of its cluster.
      const pool = pools.get(cluster) ?? createPool(databaseUrl, { ...options, lockTimeout: 0 }, onError)
      pools.set(cluster, pool)
      return pool
    },
    async end() {
      await Promise.all([...pools.values()].map((pool) => pool.end()))
    },
  }
}
