import type { ErrorCode } from '#lib/kernel/model/errors.ts'

export type Reconciled =
  | { settled: true }
  | {
      settled: false
      code: ErrorCode
      message: string
      /** Seconds until the next useful check; null: unknown. */
      again: number | null
    }
