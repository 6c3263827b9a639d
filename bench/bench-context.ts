import type { Cleanup } from '#dev/stack/cleanup.ts'
import type { Stack } from '#dev/stack/stack-options.ts'
import type { Generate } from './load.ts'
import type { Scene } from './scene.ts'

/** What the rows work with. */
export type BenchContext = {
  stack: Stack
  scene: Scene
  /** A folder that goes with the bench. */
  dir: string
  /** The reference's binary. */
  reference: string
  generate: Generate
  cleanup: Cleanup
  /** Told what is being measured. */
  say: (line: string) => void
}

/** As few as allow a median, since all contenders run in each. */
export const rounds = 5
