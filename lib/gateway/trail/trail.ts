/** The gateway's rows in the trail. Must never fill the memory or flood the trail. */

import { createOutcomeWriter, type OutcomeWriter } from './outcome-writer.ts'
import { createNotedReads, type NotedReads } from './recorded-reads.ts'
import { createNotedRows, type NotedRows, type NotedRowsOptions } from './recorded-rows.ts'

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
