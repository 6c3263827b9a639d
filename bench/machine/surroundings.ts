import { runCaptured } from '#dev/process/run-captured.ts'
import type { Placement } from './cores.ts'
import { familyOf } from './family.ts'

/** Everything that the bench has started and that is no contender. */
export type Surroundings = {
  /** From now on these processes, with their children, stay where they are. */
  addContender(pid: number): void
  /** Off the contenders’ core, for rows that measure on it. */
  stepAside(): Promise<void>
  /** On all cores. */
  spreadOut(): Promise<void>
}

export function createSurroundings(placement: Placement): Surroundings {
  const contenders = new Set<number>()
  if ('unpinned' in placement) return { addContender: () => {}, stepAside: async () => {}, spreadOut: async () => {} }
  const { cores } = placement

  async function move(list: string): Promise<void> {
    const kept = new Set([...contenders].flatMap((pid) => familyOf(pid)))
    for (const pid of familyOf(process.pid)) {
      // Whatever has ended can’t be moved, and need not be.
      if (!kept.has(pid)) await runCaptured('taskset', ['--all-tasks', '--cpu-list', '--pid', list, String(pid)])
    }
  }
  return {
    addContender: (pid) => void contenders.add(pid),
    stepAside: () => move(cores.others),
    spreadOut: () => move(cores.all),
  }
}
