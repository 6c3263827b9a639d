import { PrismaPg } from '@prisma/adapter-pg'
import { Prisma, PrismaClient } from '#lib/db/generated/client.ts'
import { connectionOptions, type PoolOptions } from './pool.ts'

export { Prisma }
export type Db = PrismaClient
/** A transaction of Prisma's: what writes inside of one takes this, and so never commits by itself. */
export type Tx = Prisma.TransactionClient

/** Prisma over a pool of its own, as the process's role. One per process. */
export function createDb(databaseUrl: string, options: PoolOptions): Db {
  return new PrismaClient({ adapter: new PrismaPg(connectionOptions(databaseUrl, options)), errorFormat: 'minimal' })
}
