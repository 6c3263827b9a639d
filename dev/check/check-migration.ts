import { type Statement, statementsOf } from './statements-of.ts'

/**
 * `breaks`: processes of the previous release may fail. `takes`: they lose a right. `holds`: others may wait long for
 * it.
 */
type Rule = { kind: 'breaks' | 'takes' | 'holds'; why: string; finds: (text: string, made: CreatedObjects) => boolean }
/** Objects that the same migration creates: they aren't used yet. */
type CreatedObjects = { tables: ReadonlySet<string> }

const name = String.raw`(?:public\s?\.\s?)?([a-z_0-9]+)`
const tableOf = (text: string): string =>
  new RegExp(
    `^(?:alter table|create (?:unique )?index.*? on|update|delete from|truncate(?: table)?|lock(?: table)?) (?:if exists |only )*${name}`,
    'i',
  )
    .exec(text)?.[1]
    ?.toLowerCase() ?? ''
const isNew = (text: string, { tables }: CreatedObjects) => tables.has(tableOf(text))
const adds = /\badd column (?:if not exists )?([a-z_0-9]+) ([^,]*)/gi

/** What an expansion never does. `made` exempts objects created in the same migration. */
const rules: readonly Rule[] = [
  {
    kind: 'breaks',
    why: 'drops something that the previous release may still use',
    finds: (text) =>
      /\bdrop (?:table|column|type|domain|view|materialized view|schema|sequence|role|function|procedure|index|trigger|extension)\b/i.test(
        text,
      ),
  },
  {
    kind: 'breaks',
    why: 'renames something that the previous release uses by name',
    finds: (text) => /\brename\b/i.test(text),
  },
  {
    kind: 'breaks',
    why: 'changes the type of a column',
    finds: (text) => /\balter (?:column )?[a-z_0-9]+ (?:set data )?type\b/i.test(text),
  },
  {
    kind: 'breaks',
    why: 'requires a value that the previous release doesn’t write',
    finds: (text, made) =>
      !isNew(text, made) &&
      (/\balter (?:column )?[a-z_0-9]+ (?:set not null|drop default)\b/i.test(text) ||
        [...text.matchAll(adds)].some(
          ([, , rest = '']) => /\bnot null\b/i.test(rest) && !/\b(?:default|generated)\b/i.test(rest),
        )),
  },
  {
    kind: 'takes',
    why: 'revokes a right of a process',
    finds: (text) => /^revoke .* from .*\bspaceport_(?:web|worker|gateway|archiver|auditor)\b/i.test(text),
  },
  {
    kind: 'breaks',
    why: 'refuses rows that the previous release may write: use NOT VALID, and only on new columns',
    finds: (text, made) => !isNew(text, made) && /\badd constraint\b/i.test(text) && !/\bnot valid\b/i.test(text),
  },
  {
    kind: 'breaks',
    why: 'adds a unique index that refuses rows the previous release may write',
    finds: (text, made) => /^create unique index\b/i.test(text) && !isNew(text, made),
  },
  {
    kind: 'holds',
    why: 'rewrites a whole table: a default that differs by row, or a computed column',
    finds: (text, made) =>
      !isNew(text, made) &&
      [...text.matchAll(adds)].some(
        ([, type = '', rest = '']) =>
          /^(?:big|small)?serial\b|\bgenerated always as\b|\bdefault (?!now\b|current_timestamp\b)[a-z_.]+ ?\(/i.test(
            `${type} ${rest}`,
          ) || /^(?:big|small)?serial\b/i.test(rest),
      ),
  },
  {
    kind: 'holds',
    why: 'creates an index that blocks writes: use CONCURRENTLY, in a migration of its own',
    finds: (text, made) => /^create (?:unique )?index\b(?! concurrently)/i.test(text) && !isNew(text, made),
  },
  {
    kind: 'holds',
    why: 'changes rows in the transaction that locks the schema',
    finds: (text, made) => /^(?:update|delete|truncate|lock|cluster|vacuum)\b/i.test(text) && !isNew(text, made),
  },
]

/** `-- brief: why` before a statement: it locks only for a moment, because the table is small. */
const brief = /^brief: \S/
/** `-- survives: what stops` before a statement: processes of the previous release keep working without the right. */
const survives = /^survives: \S/
/** `-- contract after 0.2.0: why` before a statement: that release no longer uses what is dropped. */
const contract = /^contract after (\d+\.\d+\.\d+): \S/

/**
 * Checks that processes of the previous release keep working with a migration: expand first, contract a release later
 * (CONTRIBUTING.md).
 * @param released the last release, such as 0.2.0; null: none
 * @returns the violations, a sentence for each statement
 */
export function checkMigration(script: string, released: string | null): string[] {
  const statements = statementsOf(script)
  const made: CreatedObjects = {
    tables: new Set(
      statements.flatMap(
        ({ text }) =>
          new RegExp(`^create (?:unlogged )?table (?:if not exists )?${name}`, 'i').exec(text)?.[1]?.toLowerCase() ??
          [],
      ),
    ),
  }
  return statements.flatMap((statement) =>
    rules
      .filter((rule) => rule.finds(statement.text, made) && !isExcused(rule, statement, released))
      .map(({ why }) => `${statement.text.slice(0, 100)}: ${why}`),
  )
}

function isExcused({ kind }: Rule, { comments }: Statement, released: string | null): boolean {
  if (kind === 'holds') return comments.some((comment) => brief.test(comment))
  if (kind === 'takes' && comments.some((comment) => survives.test(comment))) return true
  return comments.some((comment) => {
    const since = contract.exec(comment)?.[1]
    return since !== undefined && released !== null && !isLater(since, released)
  })
}

/** @returns whether a version is later than another */
function isLater(version: string, than: string): boolean {
  const [a, b] = [version, than].map((one) => one.split('.').map(Number))
  const differs = a?.findIndex((part, i) => part !== b?.[i]) ?? -1
  return differs >= 0 && (a?.[differs] ?? 0) > (b?.[differs] ?? 0)
}
