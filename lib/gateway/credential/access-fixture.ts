/** Rows as Postgres returns them for a credential, for unit tests. */
import type { AccessRow } from '#lib/gateway/db/select-access.ts'

/** @returns the row of an unbound credential that never expires and has no roles */
export const accessRow = (changed: Partial<AccessRow> = {}): AccessRow => ({
  tokenHash: 'h',
  credentialId: 'c',
  endsAt: Number.MAX_SAFE_INTEGER,
  revokedAt: null,
  cluster: null,
  spaceId: null,
  userId: 'u',
  handle: 'ann-1',
  name: 'Ann',
  email: '',
  deactivatedAt: null,
  ofSession: false,
  spans: [],
  ...changed,
})

/** @returns a role in the space `spaceId` of the cluster `lab`, by default without an end */
export const accessSpan = (changed: Partial<AccessRow['spans'][number]> = {}): AccessRow['spans'][number] => ({
  spaceId: 's',
  cluster: 'lab',
  namespace: 'n',
  door: 'open',
  role: 'viewer',
  ends: (changed.endsAt ?? null) !== null,
  startsAt: null,
  endsAt: null,
  pausesAt: null,
  pushed: false,
  ...changed,
})
