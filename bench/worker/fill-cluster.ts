import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import type { Etcd } from '#dev/cluster/open-etcd.ts'
import { ownerSql } from '#dev/testing/database/owner-sql.ts'
import { defaultReach } from '#lib/kernel/model/access/reach-fixture.ts'
import { fieldManager, usersNamespace } from '#lib/kernel/model/spaces/cluster-names.ts'
import type { Manifest } from '#lib/kernel/model/spaces/manifest.ts'
import type { Member } from '#lib/kernel/model/spaces/membership.ts'
import { renderSpace } from '#lib/kernel/model/spaces/render-space.ts'
import { describePerson } from '#lib/kube/people/apply-person.ts'

const memberSchema = z.object({
  userId: z.string(),
  handle: z.string(),
  name: z.string(),
  email: z.string(),
  account: z.object({ issuer: z.string(), subject: z.string() }),
})
const rowSchema = z.object({
  id: z.string(),
  name: z.string(),
  namespace: z.string(),
  creation: z.string(),
  description: z.string(),
  uid: z.string(),
  owner: memberSchema,
  editors: z.array(z.object({ id: z.string(), startsAt: z.coerce.date(), member: memberSchema })).nullable(),
})

/** etcd's prefix of each kind. */
const folders: Readonly<Record<string, string>> = {
  ResourceQuota: 'resourcequotas',
  LimitRange: 'limitranges',
  NetworkPolicy: 'networkpolicies',
  RoleBinding: 'rolebindings',
}

const memberSql = (alias: string) =>
  `json_build_object('userId', ${alias}.id, 'handle', ${alias}.handle, 'name', ${alias}.name, 'email', ${alias}.email,
    'account', json_build_object('issuer', ${alias}.issuer, 'subject', ${alias}.subject))`

/**
 * Writes the objects of all spaces of a seeded database (seed-spaces.ts) to the cluster, and their people.
 * @returns the namespaces
 */
export async function fillCluster(etcd: Etcd, ownerUrl: string): Promise<string[]> {
  const rows = z.array(rowSchema).parse(
    await ownerSql(
      ownerUrl,
      `SELECT s.id, s.name, s.namespace, s.creation, s.description, s.namespace_uid AS uid, ${memberSql('o')} AS owner,
         (SELECT json_agg(json_build_object('id', g.id, 'startsAt', g.starts_at, 'member', ${memberSql('u')}) ORDER BY g.id) FROM space_grant g JOIN user_account u ON u.id = g.user_id WHERE g.space_id = s.id) AS editors
       FROM space s JOIN user_account o ON o.id = s.owner_id`,
    ),
  )
  const entries = rows.flatMap((row) => {
    const { id, name, namespace, creation, description, owner } = row
    const members = [
      { member: owner, role: 'admin' } as const,
      ...(row.editors ?? []).map(({ member }) => ({ member, role: 'editor' }) as const),
    ]
    const grants = (row.editors ?? []).map(({ id: grant, startsAt, member: { handle } }) => ({
      ...{ id: grant, to: { handle }, role: 'editor' as const, startsAt },
      ...{ endsAt: null, requestId: null, withheldFrom: [] },
    }))
    const space = { id, name, namespace, creation, description, size: 'M', endsAt: null, requestId: null } as const
    const rendered = renderSpace({ ...space, owner, members, grants }, defaultReach)
    return [
      { key: `/registry/namespaces/${namespace}`, value: renderNamespace(rendered.namespace, row.uid) },
      ...[...rendered.limits, ...rendered.access].map((manifest) => ({
        key: `/registry/${folders[manifest.kind]}/${namespace}/${manifest.metadata.name}`,
        value: asStored(manifest),
      })),
    ]
  })
  await putObjects(etcd, entries)
  const people = z
    .array(z.object({ person: memberSchema }))
    .parse(await ownerSql(ownerUrl, `SELECT ${memberSql('p')} AS person FROM user_account p`))
  await putObjects(
    etcd,
    people.map(({ person }) => renderAccount(person)),
  )
  return rows.map(({ namespace }) => namespace)
}

const storedAt = '2026-01-01T00:00:00Z'

const asStored = (manifest: Manifest, uid: string = randomUUID()) => ({
  ...manifest,
  metadata: { ...manifest.metadata, uid, creationTimestamp: storedAt, managedFields: [renderOwnership(manifest)] },
})

/** Managed fields. The API server only updates them on objects that have some. */
const renderOwnership = (manifest: Manifest) => {
  const { apiVersion, kind: _kind, metadata, ...rest } = manifest
  const { name: _name, namespace: _namespace, ...described } = metadata
  return {
    manager: fieldManager,
    operation: 'Apply',
    apiVersion,
    time: storedAt,
    fieldsType: 'FieldsV1',
    fieldsV1: fieldsOf({ metadata: described, ...rest }),
  }
}

/** Owned as a whole. */
const atomic = new Set(['roleRef', 'podSelector'])

/** @returns the fields in the format of managed fields (https://kubernetes.io/docs/reference/using-api/server-side-apply/) */
function fieldsOf(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return {}
  return Object.fromEntries(
    Object.entries(value).map(([name, field]) => [`f:${name}`, atomic.has(name) ? {} : fieldsOf(field)]),
  )
}

const renderNamespace = (manifest: Manifest, uid: string) => {
  const stored = asStored(manifest, uid)
  const labels = { ...stored.metadata.labels, 'kubernetes.io/metadata.name': manifest.metadata.name }
  return {
    ...stored,
    metadata: { ...stored.metadata, labels },
    spec: { finalizers: ['kubernetes'] },
    status: { phase: 'Active' },
  }
}

const renderAccount = (person: Member) => ({
  key: `/registry/serviceaccounts/${usersNamespace}/${person.handle}`,
  value: asStored({
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { name: person.handle, namespace: usersNamespace, annotations: describePerson(person) },
  }),
})

function putObjects(etcd: Etcd, entries: readonly { key: string; value: object }[]): Promise<void> {
  const encode = (text: string) => Buffer.from(text).toString('base64')
  return etcd.write(
    entries.map(({ key, value }) => ({ requestPut: { key: encode(key), value: encode(JSON.stringify(value)) } })),
  )
}
