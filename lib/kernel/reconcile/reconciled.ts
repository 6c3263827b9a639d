import type { ErrorCode } from '#lib/kernel/model/errors.ts'

/** How a reconcile ended. */
export type Reconciled =
  | { settled: true }
  | {
      settled: false
      code: ErrorCode
      message: string
      /** Seconds until it is worth looking again, if that is known; else null. */
      again: number | null
    }
