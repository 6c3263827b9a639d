import type { CredentialQuery } from '#lib/kernel/model/people/credential-query.ts'
import type { CredentialListed, CredentialPage } from '#lib/kernel/model/people/person-view.ts'

/** A credential as data for the browser. Times are text, as in JSON. */
export type CredentialListRow = Omit<CredentialListed, 'createdAt' | 'endsAt' | 'lastUsedAt'> & {
  createdAt: string
  endsAt: string
  lastUsedAt: string | null
}

/** A page of the list, and the query that it answers. */
export type CredentialListData = {
  query: CredentialQuery
  rows: CredentialListRow[]
  /** The number of matches, counted up to a limit. */
  total: number
  next: string | null
}

/** @returns a page of the list as data for the browser */
export const toCredentialListData = (
  { rows, total, next }: CredentialPage,
  query: CredentialQuery,
): CredentialListData => ({
  query,
  total,
  next,
  rows: rows.map(({ createdAt, endsAt, lastUsedAt, ...row }) => ({
    ...row,
    createdAt: createdAt.toISOString(),
    endsAt: endsAt.toISOString(),
    lastUsedAt: lastUsedAt?.toISOString() ?? null,
  })),
})

/** @returns the set values of a query as text, for URL parameters or form fields */
export const setFields = (query: CredentialQuery): Record<string, string> =>
  Object.fromEntries(
    Object.entries(query).flatMap(([name, value]) => (value === undefined || value === '' ? [] : [[name, `${value}`]])),
  )

/** @returns the list’s path for a query */
export function credentialsPath(query: CredentialQuery): string {
  const set = new URLSearchParams(setFields(query)).toString()
  return set ? `/admin/credentials?${set}` : '/admin/credentials'
}
