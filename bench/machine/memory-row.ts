import type { BenchContext } from '#bench/bench-context.ts'
import { boundFinding, type Finding } from '#bench/figures/finding.ts'
import { residentMegabytes } from '#dev/process/resident-megabytes.ts'

/** Bars in megabytes, for our own processes only. */
const aims: Readonly<Record<string, number>> = { web: 350, gateway: 130, worker: 220 }

/** The memory of every process of the stack, after all other measurements. */
export const measureMemory = async ({ stack }: BenchContext): Promise<Finding[]> =>
  stack
    .processes()
    .map(({ name, pid }) =>
      boundFinding(
        { row: 'memory', what: `${name}: resident`, unit: 'MB', ours: [residentMegabytes(pid)] },
        aims[name],
      ),
    )
