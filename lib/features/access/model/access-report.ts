import { z } from 'zod'
import type { Standing } from '#lib/kernel/model/access/role.ts'
import type { SpaceStatus } from '#lib/kernel/model/spaces/space-status.ts'

/** A standing that a person has in a space, now or from a later start, and where it comes from. */
export type Holding = {
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
  /** Whether a platform admin gave it by office. */
  byOffice: boolean
  /** The request that it came from. */
  requestId: string | null
  since: Date
  /** When it ends by itself, or with the space; null: never. */
  until: Date | null
  /** The person’s last kubectl request in the space, whatever allowed it. */
  lastUsedAt: Date | null
}

/** A page of holdings, and where the next one starts. */
export type HoldingPage = { rows: Holding[]; next: string | null }

/** A holding and a person are one row of a page: a group’s grant has many. */
export type HoldingCursor = { id: string; handle: string }

/** Where a page of holdings starts, as text: after this row. */
export const holdingCursor = z
  .string()
  .regex(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}~[a-z0-9-]{0,60}$/)

/** @param text has passed `holdingCursor` */
export const parseCursor = (text: string): HoldingCursor => ({ id: text.slice(0, 36), handle: text.slice(37) })
export const cursorOf = ({ id, person }: Holding): HoldingCursor => ({ id, handle: person?.handle ?? '' })
export const renderCursor = ({ id, handle }: HoldingCursor): string => `${id}~${handle}`

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
