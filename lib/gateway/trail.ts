/** What the gateway writes to the trail. Must never fill the memory or flood the trail. */
import { createNotedReads, type NotedReads } from './noted-reads.ts'
import { createNotedRows, type NotedRows, type NotedRowsOptions } from './noted-rows.ts'
import { createOutcomeWriter, type OutcomeWriter } from './outcome-writer.ts'

export type Trail = OutcomeWriter & NotedRows & NotedReads

export function createTrail(options: NotedRowsOptions): Trail {
  const rows = createNotedRows(options)
  const reads = createNotedReads(options.writer, options)
  return {
    ...createOutcomeWriter(options.writer, options),
    ...rows,
    ...reads,
    close() {
      rows.close()
      reads.close()
    },
  }
}
