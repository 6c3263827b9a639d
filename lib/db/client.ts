import { PrismaPg } from '@prisma/adapter-pg'
import { Prisma, PrismaClient } from '#lib/db/generated/client.ts'
import { connectionOptions, type PoolOptions } from './pool.ts'

export { Prisma }
export type Db = PrismaClient
/** A Prisma transaction: functions that write inside one take this, so they never commit on their own. */
export type Tx = Prisma.TransactionClient

/** Prisma on its own pool, with the process's role. One per process. */
export function createDb(databaseUrl: string, options: PoolOptions): Db {
  return new PrismaClient({ adapter: new PrismaPg(connectionOptions(databaseUrl, options)), errorFormat: 'minimal' })
}
