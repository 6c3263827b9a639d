import { expect, test } from 'vitest'
import { summarize } from './traced-client.ts'

test.each([
  ['SELECT 1', 'SELECT'],
  ['SELECT "public"."space"."id" FROM "public"."space" WHERE name = $1', 'SELECT space'],
  ['\n  insert into audit_event (id) values ($1)', 'INSERT audit_event'],
  ['UPDATE ONLY space SET size = $1', 'UPDATE space'],
  ['WITH due AS (SELECT id FROM space_grant) DELETE FROM job', 'WITH space_grant'],
  ['BEGIN', 'BEGIN'],
  ['\n  /* kept plan: hold-space */ SELECT id FROM space FOR UPDATE', 'hold-space'],
  ['(SELECT 1) UNION (SELECT 2)', 'SELECT'],
  ["SELECT * FROM x'; DROP TABLE 'alice@example.com'", 'SELECT x'],
  ['', 'STATEMENT'],
])('%s is %s', (statement, summary) => {
  expect(summarize(statement)).toBe(summary)
})

test('a statement of any length is summarized in time', () => {
  const read = () => {
    const began = performance.now()
    summarize(`SELECT ${'from '.repeat(1_000_000)}`)
    return performance.now() - began
  }
  expect(Math.min(read(), read(), read())).toBeLessThan(1_000)
})
