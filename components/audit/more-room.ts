import { type SpaceAddress, spacePath } from '#components/spaces/space-path.ts'
import { parseQuantity } from '#lib/kernel/model/spaces/quantity.ts'
import { largerSizes, type Size, type SizeRights, sizeWithin } from '#lib/kernel/model/spaces/size.ts'
import { sizeSpecs } from '#lib/kernel/model/spaces/size-spec.ts'

export type MoreRoom = { href: string; label: string /** The resources that grow. */; grows: string[] }

/** @returns the link to the next larger size; null if there is none or the person may not take it */
export function moreRoom(address: SpaceAddress, rights: SizeRights): MoreRoom | null {
  const [next] = largerSizes(rights)
  if (!next) return null
  return {
    href: `${spacePath(address, 'settings', { size: next })}#size`,
    label: sizeWithin(next, rights.maxSize) ? 'Get more' : 'Ask for more',
    grows: Object.keys(sizeSpecs[next].quota).filter((name) => amountIn(next, name) > amountIn(rights.size, name)),
  }
}

const amountIn = (size: Size, resource: string): number => parseQuantity(sizeSpecs[size].quota[resource] ?? '') ?? 0
