import pg from 'pg'

/**
 * Runs one statement as the schema's owner, for test setup that the application may not do.
 * @returns its rows
 */
export async function ownerSql(
  ownerDatabaseUrl: string,
  statement: string,
  values: readonly unknown[] = [],
): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: ownerDatabaseUrl })
  await client.connect()
  try {
    const { rows } = await client.query<Record<string, unknown>>(statement, [...values])
    return rows
  } finally {
    await client.end()
  }
}
