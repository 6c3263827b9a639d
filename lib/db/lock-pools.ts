import { createPool, type Pool, type PoolOptions } from './pool.ts'

/** Connections that hold spaces' locks, a pool per cluster: a cluster that hangs never blocks the spaces of another. */
export type LockPools = {
  of(cluster: string): Pool
  end(): Promise<void>
}

/**
 * Pools are opened on first use.
 * @param clusters how many there are: with several, each has fewer connections
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
