import { z } from 'zod'
import type { Standing } from '#lib/kernel/model/access/role.ts'
import type { SpaceStatus } from '#lib/kernel/model/spaces/space-status.ts'

/** A standing that a person has in a space, now or from a later start, and where it comes from. */
export type ReportRow = {
  /** Of the grant; an owner’s is that of the space. */
  id: string
  space: { id: string; name: string; cluster: string }
  /** Null: nobody in the group has signed in. */
  person: { handle: string; name: string; deactivated: boolean } | null
  standing: Standing
  /** Whether it gives nothing until the provider names the person’s groups again. */
  paused: boolean
  /** The group that it comes through; null: it is the person’s own. */
  group: string | null
  /** The group’s provider; null: the configured one. */
  issuer: string | null
  /** Who gave it, or handed the space over; null: they created the space, or it is not known. */
  givenBy: { handle: string; name: string } | null
  /** Whether a platform admin gave it by platform role. */
  asPlatformAdmin: boolean
  /** The request that it came from. */
  requestId: string | null
  since: Date
  /** When it ends by itself, or with the space; null: never. */
  until: Date | null
  /** The person’s last kubectl request in the space, whatever allowed it. */
  lastUsedAt: Date | null
}

/** A page of access report, and where the next one starts. */
export type AccessReportPage = { rows: ReportRow[]; next: string | null }

/** A row of the access report and a person are one row of a page: a group’s grant has many. */
export type AccessCursor = { id: string; handle: string }

/** Where a page of access report starts, as text: after this row. */
export const accessCursor = z
  .string()
  .regex(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}~[a-z0-9-]{0,60}$/)

/** @param text has passed `accessCursor` */
export const parseCursor = (text: string): AccessCursor => ({ id: text.slice(0, 36), handle: text.slice(37) })
export const cursorOf = ({ id, person }: ReportRow): AccessCursor => ({ id, handle: person?.handle ?? '' })
export const renderCursor = ({ id, handle }: AccessCursor): string => `${id}~${handle}`

/** A space in the list that is searched by its name. */
export type SpaceFound = {
  id: string
  name: string
  cluster: string
  status: SpaceStatus
  owner: { handle: string; name: string }
  /** How many grants to people and groups have not ended. */
  grants: number
}
