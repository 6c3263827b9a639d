import { runCaptured } from '#dev/process/run-captured.ts'
import type { Placement } from './cores.ts'
import { familyOf } from './family.ts'

/** Every process of the bench except the contenders. */
export type Surroundings = {
  /** Leaves this process and its children where they are. */
  addContender(pid: number): void
  /** Moves everything off the contenders’ core. */
  stepAside(): Promise<void>
  /** Lets everything run on all cores. */
  spreadOut(): Promise<void>
}

export function createSurroundings(placement: Placement): Surroundings {
  const contenders = new Set<number>()
  if ('unpinned' in placement) return { addContender: () => {}, stepAside: async () => {}, spreadOut: async () => {} }
  const { cores } = placement

  async function move(list: string): Promise<void> {
    const kept = new Set([...contenders].flatMap((pid) => familyOf(pid)))
    for (const pid of familyOf(process.pid)) {
      // An ended process can’t be moved, and needn’t be.
      if (!kept.has(pid)) await runCaptured('taskset', ['--all-tasks', '--cpu-list', '--pid', list, String(pid)])
    }
  }
  return {
    addContender: (pid) => void contenders.add(pid),
    stepAside: () => move(cores.others),
    spreadOut: () => move(cores.all),
  }
}
