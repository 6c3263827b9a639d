import { dayMs } from '#lib/kernel/model/duration.ts'

/** CloudEvents 1.0, one per line; or CSV for spreadsheets. */
export const exportFormats = ['ndjson', 'csv'] as const
export type ExportFormat = (typeof exportFormats)[number]

export const exportKeptMs = 7 * dayMs
/** The maximum number of exports per person, including finished ones. */
export const maxExports = 5
/** The maximum size of one file, and of all files together, in bytes. */
export const maxExportBytes = 1_000_000_000
export const maxAllExportBytes = 4_000_000_000
/** The maximum size of one person’s files together, so that others have room. */
export const maxOwnExportBytes = maxAllExportBytes / 2
/** Files of up to this many entries are downloaded directly. */
export const maxDirectRows = 10_000

export type ExportError = 'too_large' | 'own_room' | 'no_room' | 'broken'

/** An export as shown to its owner. */
export type ExportView = {
  id: string
  format: ExportFormat
  /** As stored in the table, with times as text. */
  filter: Readonly<Record<string, unknown>>
  state: 'waiting' | 'done' | 'failed'
  createdAt: Date
  finishedAt: Date | null
  /** The number of events it will have; null: not known yet. */
  total: number | null
  /** When its last event happened. */
  reached: Date | null
  events: number
  bytes: number
  error: string | null
  /** Whether a worker has started writing it. */
  isBegun: boolean
}

/** Why an export failed, and what to do. */
export const exportErrorInWords: Readonly<Record<ExportError, string>> = {
  too_large: 'The file would be larger than 1 GB. Narrow the filter, for example to a shorter period.',
  own_room: 'Your exports together would exceed the limit of 2 GB per person.',
  no_room:
    'All exports together would exceed the limit of 4 GB. Remove some, or wait: each one is removed after 7 days.',
  broken: 'Writing the file failed several times. See the worker’s log.',
}

/** @returns the export with the largest file; null: none has a file */
export function largestExport<E extends Pick<ExportView, 'bytes'>>(exports: readonly E[]): E | null {
  const [first] = exports.filter(({ bytes }) => bytes > 0).sort((a, b) => b.bytes - a.bytes)
  return first ?? null
}

/** @returns the file name for browsers */
export const exportFileName = ({ createdAt, format }: Pick<ExportView, 'createdAt' | 'format'>): string =>
  `spaceport-audit-${createdAt.toISOString().slice(0, 10)}.${format}.gz`
