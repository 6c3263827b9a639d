import type { AccessRow } from '#lib/gateway/db/select-access.ts'

/** Unbound, without an expiration or roles. */
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

/** Without an end by default. */
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
