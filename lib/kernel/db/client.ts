import { PrismaPg } from '@prisma/adapter-pg'
import { Prisma, PrismaClient } from '#lib/kernel/db/generated/client.ts'
import { planName } from './plan-name.ts'
import { createOwnerPool, createPool, type PoolOptions } from './pool.ts'
import { transactionTimeoutMs } from './session-of-process.ts'

export { Prisma }
export type Db = PrismaClient
/** A Prisma transaction. Functions that write inside one take this, so they can't commit alone. */
export type Tx = Prisma.TransactionClient

export const createOwnerDb = (ownerUrl: string): Db =>
  new PrismaClient({
    adapter: new PrismaPg(createOwnerPool(ownerUrl), { disposeExternalPool: true }),
    errorFormat: 'minimal',
  })

/** Limit on a transaction’s wait for a connection, as for other queries. */
const maxWaitMs = 5_000

/**
 * Prisma on its own pool, with the process's role. One per process.
 * @param options.transactionTimeout in milliseconds
 * @param onError receives errors of idle connections, from which the pool recovers
 */
export function createDb(
  databaseUrl: string,
  { transactionTimeout = transactionTimeoutMs, ...options }: PoolOptions & { transactionTimeout?: number | undefined },
  onError?: (error: Error) => void,
): Db {
  const adapter = new PrismaPg(createPool(databaseUrl, options, onError), {
    disposeExternalPool: true,
    statementNameGenerator: ({ sql }) => planName(sql) ?? '',
  })
  return new PrismaClient({
    adapter,
    errorFormat: 'minimal',
    transactionOptions: { timeout: transactionTimeout, maxWait: maxWaitMs },
  })
}
