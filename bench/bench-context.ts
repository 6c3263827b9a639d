import type { Generate } from '#bench/load/load.ts'
import type { Placement } from '#bench/machine/cores.ts'
import type { Surroundings } from '#bench/machine/surroundings.ts'
import type { Scene } from '#bench/scene/scene.ts'
import type { Cleanup } from '#dev/stack/cleanup.ts'
import type { Stack } from '#dev/stack/stack-options.ts'

/** The environment of the rows. */
export type BenchContext = {
  stack: Stack
  scene: Scene
  /** A folder that is removed after the bench. */
  dir: string
  /** The reference's binary. */
  reference: string
  generate: Generate
  placement: Placement
  surroundings: Surroundings
  cleanup: Cleanup
  /** Rows in the trail of the row `company`. */
  trailRows: number
  /** Called with the current measurement. */
  say: (line: string) => void
}

/** The fewest that allow a median, because all contenders run in each. */
export const rounds = 5

/** How long a contender’s JIT compiler and garbage collector take to settle. */
export const warmUpSeconds = 3
