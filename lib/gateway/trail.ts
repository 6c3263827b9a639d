/** What the gateway writes to the trail. Must never fill the memory or flood the trail. */
import { createNotedRows, type NotedRows, type NotedRowsOptions } from './noted-rows.ts'
import { createOutcomeWriter, type OutcomeWriter } from './outcome-writer.ts'

export type Trail = OutcomeWriter & NotedRows

export const createTrail = (options: NotedRowsOptions): Trail => ({
  ...createOutcomeWriter(options.writer, options),
  ...createNotedRows(options),
})
