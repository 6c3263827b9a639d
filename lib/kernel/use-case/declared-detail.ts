import { objectName } from '#lib/kernel/model/spaces/space-object.ts'
import type { ActingContext } from './context.ts'

/** @returns what the trail adds where an object on a cluster declares what is done; who wrote that object isn’t known to us */
export function declaredDetail({ origin: { declaredBy } }: ActingContext): Record<string, unknown> {
  if (!declaredBy) return {}
  const { cluster, uid, generation } = declaredBy
  return { declaredBy: { object: objectName(declaredBy), cluster, uid, generation } }
}
