import { createPool, type Pool, type PoolOptions } from './pool.ts'

/** Connections for space locks, one pool per cluster, so that an unresponsive cluster never blocks another's spaces. */
export type LockPools = {
  of(cluster: string): Pool
  end(): Promise<void>
}

/** @param options.max maximum number of connections per cluster; pools are opened on first use */
export function createLockPools(databaseUrl: string, options: PoolOptions, onError: (error: Error) => void): LockPools {
  const pools = new Map<string, Pool>()
  return {
    of(cluster) {
      // A waiting caller waits for another one's whole change of the cluster.
      const pool = pools.get(cluster) ?? createPool(databaseUrl, { ...options, lockTimeout: 0 }, onError)
      pools.set(cluster, pool)
      return pool
    },
    async end() {
      await Promise.all([...pools.values()].map((pool) => pool.end()))
    },
  }
}
