import { objectName } from '#lib/kernel/model/spaces/space-object.ts'
import type { ActingContext } from './context.ts'

/** @returns the trail's details of the object that declares the change, if any; its author is unknown to Spaceport */
export function declaredDetail({ origin: { declaredBy } }: ActingContext): Record<string, unknown> {
  if (!declaredBy) return {}
  const { cluster, uid, generation } = declaredBy
  return { declaredBy: { object: objectName(declaredBy), cluster, uid, generation } }
}
