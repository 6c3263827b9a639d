import { createPool, type Pool, type PoolOptions } from './pool.ts'

/** Connections that hold spaces' locks, a pool per cluster: a cluster that hangs never blocks the spaces of another. */
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
      // Whoever waits for a space's lock waits for somebody's whole change of its cluster.
      const pool = pools.get(cluster) ?? createPool(databaseUrl, { ...options, lockTimeout: 0 }, onError)
      pools.set(cluster, pool)
      return pool
    },
    async end() {
      await Promise.all([...pools.values()].map((pool) => pool.end()))
    },
  }
}
