import { z } from 'zod'
import type { Standing } from '#lib/kernel/model/access/role.ts'
import type { SpaceStatus } from '#lib/kernel/model/spaces/space-status.ts'

/** A person's role in or ownership of a space, current or scheduled, and its origin. */
export type ReportRow = {
  /** The grant's id, or the space's for its owner. */
  id: string
  space: { id: string; name: string; cluster: string }
  /** Null: no member of the group has signed in. */
  person: { handle: string; name: string; deactivated: boolean } | null
  standing: Standing
  /** Suspended until the identity provider confirms the person's groups. */
  paused: boolean
  /** The group it comes from; null: granted to the person directly. */
  group: string | null
  /** The group's provider; null: the configured one. */
  issuer: string | null
  /** Who granted it or transferred the space; null: the person created the space, or unknown. */
  givenBy: { handle: string; name: string } | null
  /** Granted under a platform role. */
  asPlatformAdmin: boolean
  requestId: string | null
  since: Date
  /** When it ends, alone or with the space; null: never. */
  until: Date | null
  /** The person's last kubectl request in the space, under any grant. */
  lastUsedAt: Date | null
}

export type AccessReportPage = { rows: ReportRow[]; next: string | null }

export type SpaceAccessReport = AccessReportPage & {
  space: {
    id: string
    name: string
    cluster: string
    namespace: string
    status: SpaceStatus
    owner: { handle: string; name: string }
    createdAt: Date
    endsAt: Date | null
  }
}

/** A group's grant gives a row per member, so a cursor needs both grant and person. */
export type AccessCursor = { id: string; handle: string }

/** A cursor as text: the last row of the previous page. */
export const accessCursor = z
  .string()
  .regex(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}~[a-z0-9-]{0,60}$/)

/** @param text validated by `accessCursor` */
export const parseCursor = (text: string): AccessCursor => ({ id: text.slice(0, 36), handle: text.slice(37) })
export const cursorOf = ({ id, person }: ReportRow): AccessCursor => ({ id, handle: person?.handle ?? '' })
export const renderCursor = ({ id, handle }: AccessCursor): string => `${id}~${handle}`

export type SpaceListItem = {
  id: string
  name: string
  cluster: string
  status: SpaceStatus
  owner: { handle: string; name: string }
  /** Number of active and scheduled grants. */
  grants: number
}
