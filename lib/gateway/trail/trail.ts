/** The gateway's rows in the trail. Must never fill the memory or flood the trail. */

import { createOutcomeWriter, type OutcomeWriter } from './outcome-writer.ts'
import { createRecordedReads, type RecordedReads } from './recorded-reads.ts'
import { createRecordedRows, type RecordedRows, type RecordedRowsOptions } from './recorded-rows.ts'

export type Trail = OutcomeWriter & RecordedRows & RecordedReads

export function createTrail(options: RecordedRowsOptions): Trail {
  const rows = createRecordedRows(options)
  const reads = createRecordedReads(options.writer, options)
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
