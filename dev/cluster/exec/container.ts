import type { Files } from './files.ts'
import type { Input } from './input.ts'

/** A simulated container, as a command sees it. */
export type Container = {
  pod: string
  tty: boolean
  input: Input
  files: Files
  /** Aborted once the client is gone. */
  ended: AbortSignal
  out: (data: Buffer | string) => Promise<void>
  err: (data: Buffer | string) => Promise<void>
}

/** @returns its exit code */
export type Program = (args: readonly string[], container: Container) => Promise<number>
