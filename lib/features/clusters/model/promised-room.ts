import { parseQuantity } from '#lib/kernel/model/spaces/quantity.ts'
import { type Size, sizes } from '#lib/kernel/model/spaces/size.ts'
import { sizeSpecs } from '#lib/kernel/model/spaces/size-spec.ts'
import type { Room } from './node-sums.ts'

/** What the sizes of all spaces allow in total, in base units: requests and limits. */
export type PromisedRoom = { requests: Room; limits: Pick<Room, 'cpu' | 'memory'> }

/** @param bySize the number of spaces of each size */
export function promisedRoomOf(bySize: Readonly<Partial<Record<Size, number>>>): PromisedRoom {
  const sum = (resource: string) =>
    sizes.reduce(
      (total, size) => total + (bySize[size] ?? 0) * (parseQuantity(sizeSpecs[size].quota[resource] ?? '0') ?? 0),
      0,
    )
  return {
    requests: { cpu: sum('requests.cpu'), memory: sum('requests.memory'), pods: sum('pods') },
    limits: { cpu: sum('limits.cpu'), memory: sum('limits.memory') },
  }
}
