import type { ActivitySource } from '#lib/features/audit/model/activity-source.ts'
import type { AuditFilter } from '#lib/features/audit/model/audit-filter.ts'
import { searchTerms } from '#lib/features/audit/model/search-terms.ts'
import { Prisma } from '#lib/kernel/db/client.ts'
import { likePattern } from '#lib/kernel/db/like-pattern.ts'
import type { Pool } from '#lib/kernel/db/pool.ts'
import { runSql } from '#lib/kernel/db/run-sql.ts'
import { personUserName } from '#lib/kernel/model/spaces/cluster-names.ts'

/** A search by an auditor’s filter, or in a space by source. */
export type AuditSearch = AuditFilter & { by?: ActivitySource | undefined }

/** The people, spaces and rows that the texts of a filter refer to. */
export type AuditSubjects = {
  /** null: the filter has no person. */
  people: string[] | null
  /** null: the filter has no space. */
  spaces: string[] | null
  /** Seqs of rows with the typed id. */
  seqs: string[]
}

/** Beyond this, people are matched in each row rather than by id. */
const maxPeople = 500
/** Shorter words are never compared with request ids and Audit-IDs (trail_words_query). */
const minIdLength = 16
const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

const peopleSql = (typed: string) =>
  Prisma.sql`SELECT id FROM user_account WHERE handle = ${typed} OR (handle || ' ' || name || ' ' || email) ILIKE ${likePattern(typed)}`

/**
 * Looks up the people, spaces and rows of a filter.
 * @returns at most one person too many
 */
export async function findAuditSubjects(pool: Pool, filter: AuditSearch): Promise<AuditSubjects> {
  const { person, space } = filter
  const ids = searchTerms(filter.text ?? '').filter((term) => uuid.test(term))
  const [found] =
    person || space || ids.length > 0
      ? await runSql<AuditSubjects>(
          pool,
          Prisma.sql`SELECT
      ${person ? Prisma.sql`ARRAY(${peopleSql(person)} LIMIT ${maxPeople + 1})` : Prisma.sql`NULL`}::text[] AS people,
      ${space ? Prisma.sql`ARRAY(SELECT id FROM space WHERE name = ${space} ORDER BY created_at DESC LIMIT 1000)` : Prisma.sql`NULL`}::text[] AS spaces,
      ${ids.length > 0 ? Prisma.sql`ARRAY(SELECT seq FROM audit_event WHERE id = ANY (${ids}::uuid[]))` : Prisma.sql`'{}'`}::text[] AS seqs`,
        )
      : []
  return found ?? { people: null, spaces: null, seqs: [] }
}

/** ASCII punctuation that may precede a part of a word, as a bracket expression. After a dot, digits start no part. */
const beforePart = (term: string) => `(^|[] !"#$%&'()*+,${/^\d/.test(term) ? '' : '.'}/:;<=>?@[\\\\^_\`{|}~-])`
const literal = (term: string) => term.replace(/[\\^$.|?*+()[\]{}]/g, '\\$&')

export type AuditConditions = {
  /** Conditions on row `e` alone. */
  own: Prisma.Sql[]
  /** Conditions on row `e` with its outcome `o`, each with its `text`. */
  joined: Prisma.Sql[]
  /** A tsquery that matches every chunk with a matching row; null: any chunk may have one. */
  chunks: Prisma.Sql | null
}

/** @returns the conditions of a filter on row `e`, its outcome `o` and their chunk */
export function auditConditions(filter: AuditSearch, { people, spaces }: AuditSubjects): AuditConditions {
  const own: Prisma.Sql[] = []
  const joined: Prisma.Sql[] = []
  const chunks: Prisma.Sql[] = []
  const marks = (texts: readonly string[]) => chunks.push(Prisma.sql`${texts.map(quoted).join(' | ')}::tsquery`)
  const tail = (id: string) => id.slice(-12)

  // Too many words start with a single letter, so rows are read for it.
  const words = (terms: readonly string[]) => {
    const long = terms.filter((term) => term.length > 1)
    if (long.length > 0) chunks.push(Prisma.sql`trail_words_query(${long}::text[])`)
  }
  const concerns = (ids: readonly string[]) => {
    own.push(
      Prisma.sql`(e.actor_id = ANY (${ids}::uuid[]) OR e.target_kind = 'person' AND e.target_id = ANY (${ids}::text[])
        OR ${misusedFor(ids)})`,
    )
    marks([...ids.flatMap((id) => [`@${tail(id)}`, `&${tail(id)}`]), ...misused])
  }

  if (filter.personId) concerns([filter.personId])
  if (people && people.length > maxPeople) {
    const found = peopleSql(filter.person ?? '')
    own.push(
      Prisma.sql`(e.actor_id IN (${found}) OR e.target_kind = 'person' AND e.target_id IN (SELECT id::text FROM (${found}) found))`,
    )
  } else if (people && people.length > 0) {
    concerns(people)
  } else if (people) {
    const terms = searchTerms(filter.person ?? '')
    const named = Prisma.sql`lower(concat_ws(' ', e.actor_handle, e.actor_name))`
    own.push(...(terms.length > 0 ? terms.map((term) => beginsIn(named, term)) : [Prisma.sql`false`]))
    words(terms)
  }
  if (filter.spaceId) {
    own.push(Prisma.sql`e.space_id = ${filter.spaceId}::uuid`)
    marks([`!${tail(filter.spaceId)}`])
  }
  if (spaces) {
    const name = filter.space ?? ''
    own.push(
      Prisma.sql`(e.space_id = ANY (${spaces}::uuid[]) OR ${spacelessSql} AND coalesce(e.namespace, e.target_name) = ${name})`,
    )
    const words = name.split(/ +/).filter((word) => word !== '')
    const ids = spaces.map((id) => quoted(`!${tail(id)}`)).join(' | ')
    const either = [
      ...(ids === '' ? [] : [Prisma.sql`${ids}::tsquery`]),
      ...(words.length > 0 ? [Prisma.sql`trail_words_query(${words}::text[])`] : []),
    ]
    if (either.length > 0) chunks.push(Prisma.sql`(${Prisma.join(either, ' || ')})`)
  }
  if (filter.action) {
    const family = filter.action.endsWith('.')
    own.push(family ? Prisma.sql`starts_with(e.action, ${filter.action})` : Prisma.sql`e.action = ${filter.action}`)
    const word = quoted((filter.outcome ? `?${filter.outcome}=` : '') + filter.action.toLowerCase())
    chunks.push(Prisma.sql`${family ? `${word}:*` : word}::tsquery`)
  }
  if (filter.by) own.push(bySource[filter.by])
  if (filter.from) own.push(Prisma.sql`e.at >= ${filter.from}`)
  if (filter.until) own.push(Prisma.sql`e.at < ${filter.until}`)
  if (filter.route) {
    own.push(Prisma.sql`e.route = ${filter.route}`)
    marks([`~${filter.route}`])
  }
  if (filter.credentialId) {
    own.push(
      Prisma.sql`(e.detail->>'credential' = ${filter.credentialId} OR e.target_kind = 'credential' AND e.target_id = ${filter.credentialId})`,
    )
    marks([`%${tail(filter.credentialId)}`])
  }
  if (filter.outcome) {
    joined.push(
      filter.outcome === 'unknown'
        ? Prisma.sql`coalesce(o.outcome, e.outcome) IS NULL`
        : Prisma.sql`coalesce(o.outcome, e.outcome) = ${filter.outcome}::audit_outcome`,
    )
    if (!filter.action) marks([`?${filter.outcome}`])
  }
  const terms = searchTerms(filter.text ?? '')
  for (const term of terms) {
    const has = beginsIn(Prisma.sql`concat_ws(' ', e.text, o.text)`, term)
    const ids = Prisma.sql`e.id::text, lower(e.request_id), lower(coalesce(o.cluster_audit_id, e.cluster_audit_id))`
    joined.push(term.length < minIdLength ? has : Prisma.sql`(${has} OR lower(${term}) IN (${ids}))`)
  }
  words(terms)
  return { own, joined, chunks: chunks.length > 0 ? Prisma.join(chunks, ' && ') : null }
}

/** @returns rows in which another party acted as one of these people with a token of the gateway or the broker */
export const misusedFor = (ids: readonly string[]): Prisma.Sql =>
  Prisma.sql`(e.action = 'cluster.unmatched' AND e.route IS NOT NULL AND e.detail ->> 'impersonated' IN
    (SELECT ${personUserName('')} || handle FROM user_account WHERE id = ANY (${ids}::uuid[])))`
/** Chunks with such rows, which are rare. */
const misused = ['ok', 'failed', 'refused'].map((outcome) => `?${outcome}=cluster.unmatched`)

/** Requests that the portal sends to the gateway count as done in the portal. */
const byKubectl = Prisma.sql`((starts_with(e.action, 'kubectl.') AND e.detail->>'browser' IS NULL) OR starts_with(e.action, 'cluster.'))`
const bySpaceport = Prisma.sql`(e.actor_kind IN ('system', 'scim'))`
const bySource: Readonly<Record<ActivitySource, Prisma.Sql>> = {
  people: Prisma.sql`NOT ${byKubectl} AND NOT ${bySpaceport}`,
  kubectl: byKubectl,
  spaceport: Prisma.sql`${bySpaceport} AND NOT ${byKubectl}`,
}

/** The text of row `e` that is searched for words. */
export const textOf = Prisma.sql`trail_text(e.action, e.actor_handle, e.actor_name, e.target_kind, e.target_name, e.namespace, e.reason,
  e.source_address, e.user_agent, e.destination)`
/** The text that an outcome adds. */
export const outcomeText = (outcome: Prisma.Sql) =>
  Prisma.sql`lower(concat_ws(' ', ${outcome}.reason, ${outcome}.target_name))`

/** Rows that name a space that they don't belong to: it didn't exist, or the person had no access. */
export const spacelessSql = Prisma.sql`e.space_id IS NULL AND (e.namespace IS NOT NULL OR e.target_kind = 'space')`

/** A part of a word starts with the term. Whether the term occurs at all is cheap to check first. */
const beginsIn = (text: Prisma.Sql, term: string) =>
  Prisma.sql`(strpos(${text}, lower(${term})) > 0 AND ${text} ~ lower(${beforePart(term) + literal(term)}))`

const quoted = (mark: string) => `'${mark.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`
