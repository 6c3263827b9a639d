import type { Pool } from './pool.ts'

/** More are not known: the verifier names rows that it can't find here. */
const maxRows = 1_000_000

/** @returns the seqs of rows of which the trail says that a person was pseudonymised in them */
export async function selectPseudonymised(pool: Pool): Promise<Set<string>> {
  const { rows } = await pool.query<{ seq: string }>(
    `SELECT jsonb_array_elements_text(detail -> 'seqs') AS seq FROM audit_event
     WHERE action = 'person.pseudonymise-rows' AND personal_hash IS NULL AND jsonb_typeof(detail -> 'seqs') = 'array' LIMIT ${maxRows}`,
  )
  return new Set(rows.map(({ seq }) => seq))
}
