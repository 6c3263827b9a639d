import { randomBytes, randomUUID } from 'node:crypto'
import type pg from 'pg'
import { makeProvisioningToken } from '#lib/credentials/token.ts'
import type { Actor } from '#lib/domain/person.ts'
import * as urns from '#lib/scim/urns.ts'
import { issuerOfTests } from './broker-fixture.ts'
import { uniqueName } from './unique-name.ts'

/**
 * Adds a provisioning token by SQL, in the second place: tests of the first one's page go on beside it.
 * @param makers who asked for it and who approved it; nobody: the operator's command
 */
export async function addScimToken(owner: pg.Pool, ...makers: Actor[]): Promise<{ id: string; token: string }> {
  const { token, hash } = makeProvisioningToken(randomBytes)
  const id = randomUUID()
  await owner.query('UPDATE scim_token SET revoked_at = now() WHERE slot = 2 AND revoked_at IS NULL')
  await owner.query(
    `INSERT INTO scim_token (id, name, slot, token_hash, created_at, created_by_id) VALUES ($1, 'tests', 2, $2, now(), $3)`,
    [id, hash, makers[0]?.userId ?? null],
  )
  for (const { userId } of makers.slice(1))
    await owner.query('INSERT INTO scim_token_maker (token_id, user_id) VALUES ($1, $2)', [id, userId])
  return { id, token }
}

/** Adds a request for a provisioning token by SQL, in place of open ones of the same person. @returns its id */
export async function addTokenRequest(owner: pg.Pool, by: Actor, approvedBy: Actor | null = null): Promise<string> {
  const id = randomUUID()
  await owner.query(
    `UPDATE scim_token_request SET closed_at = now(), closed_as = 'withdrawn' WHERE asked_by_id = $1 AND closed_at IS NULL`,
    [by.userId],
  )
  await owner.query(
    `INSERT INTO scim_token_request (id, name, expires_at, asked_at, asked_by_id, lapses_at, approved_at, approved_by_id)
     VALUES ($1, 'tests', now() + interval '30 days', now(), $2, now() + interval '1 hour', CASE WHEN $3::uuid IS NOT NULL THEN now() END, $3)`,
    [id, by.userId, approvedBy?.userId ?? null],
  )
  return id
}

/** Adds a pushed group without members by SQL. @returns its id */
export async function addPushedGroup(owner: pg.Pool): Promise<string> {
  const { rows } = await owner.query<{ id: string }>(
    `INSERT INTO scim_group (id, issuer, display_name, created_at, modified_at)
     VALUES (gen_random_uuid(), $1, $2, now(), now()) RETURNING id`,
    [issuerOfTests, uniqueName('pushed')],
  )
  return rows[0]?.id ?? ''
}

// biome-ignore lint/suspicious/noExplicitAny: tests look into whatever the server answers
export type ScimAnswer = { status: number; headers: Headers; body: any }

/** @returns what sends requests as an identity provider does; undefined headers are left out */
export const scimClient =
  (url: string, token: string | undefined) =>
  async (
    method: string,
    path: string,
    body?: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<ScimAnswer> => {
    const answer = await fetch(`${url}/scim/v2${path}`, {
      method,
      redirect: 'manual',
      headers: {
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...(body !== undefined && { 'content-type': 'application/scim+json' }),
        ...headers,
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    const text = await answer.text()
    return { status: answer.status, headers: answer.headers, body: text === '' ? undefined : JSON.parse(text) }
  }

export type ScimClient = ReturnType<typeof scimClient>

/** A user as a body of a request. */
export const scimUser = (userName: string, more: Readonly<Record<string, unknown>> = {}) => ({
  schemas: [urns.coreUser],
  userName,
  externalId: `ext-${userName}`,
  active: true,
  ...more,
})

export const scimGroup = (displayName: string, members: readonly string[] = []) => ({
  schemas: [urns.coreGroup],
  displayName,
  members: members.map((value) => ({ value })),
})

export const scimPatch = (...operations: readonly Readonly<Record<string, unknown>>[]) => ({
  schemas: [urns.patchOp],
  Operations: operations,
})
