import type { ErrorCode } from '#lib/domain/errors.ts'

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
