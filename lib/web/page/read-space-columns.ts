import 'server-only'
import { cookies } from 'next/headers'
import { columnsCookie, parseColumns, type SpaceColumn } from '#lib/features/spaces/model/space-columns.ts'

/** @returns the columns chosen in this browser; the server needs them for the first paint */
export const readSpaceColumns = async (): Promise<readonly SpaceColumn[]> =>
  parseColumns((await cookies()).get(columnsCookie)?.value)
