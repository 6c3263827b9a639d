import { objectName } from '#lib/kernel/model/spaces/space-object.ts'
import type { ActingContext } from './context.ts'

/** @returns the trail's details if an object on a cluster declares the change; its author is unknown to Spaceport */
export function declaredDetail({ origin: { declaredBy } }: ActingContext): Record<string, unknown> {
  if (!declaredBy) return {}
  const { cluster, uid, generation } = declaredBy
  return { declaredBy: { object: objectName(declaredBy), cluster, uid, generation } }
}
