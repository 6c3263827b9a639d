import pg from 'pg'
import type { Prisma } from '#lib/kernel/db/generated/client.ts'
import type { Tx } from './client.ts'
import { planName } from './plan-name.ts'
import type { Pool } from './pool.ts'

/** A raw connection, or a Prisma transaction. */
export type Reader = Pool | Tx

/**
 * Runs SQL composed with `Prisma.sql`. A raw connection takes a third of Prisma's CPU time, and parses columns like pg:
 * timestamps as Date, json parsed.
 */
export async function runSql<Row extends object>(reader: Reader, sql: Prisma.Sql): Promise<Row[]> {
  if (!(reader instanceof pg.Pool)) return reader.$queryRaw<Row[]>(sql)
  const { rows } = await reader.query<Row>({ name: planName(sql.text), text: sql.text, values: sql.values })
  return rows
}
