import type { BenchContext } from '#bench/bench-context.ts'
import { boundFinding, type Finding } from '#bench/figures/finding.ts'
import { residentMegabytes } from '#dev/process/resident-megabytes.ts'

/** Megabytes; the aims. What is not ours has none. */
const aims: Readonly<Record<string, number>> = { web: 350, gateway: 130, worker: 220 }

/** The memory of every process of the stack, as it is after what was measured before. */
export const measureMemory = async ({ stack }: BenchContext): Promise<Finding[]> =>
  stack
    .processes()
    .map(({ name, pid }) =>
      boundFinding(
        { row: 'memory', what: `${name}: resident`, unit: 'MB', ours: [residentMegabytes(pid)] },
        aims[name],
      ),
    )
