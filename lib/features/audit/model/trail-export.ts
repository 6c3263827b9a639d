import { dayMs } from '#lib/kernel/model/duration.ts'

/** CloudEvents 1.0, one a line; or CSV for spreadsheets. */
export const exportFormats = ['ndjson', 'csv'] as const
export type ExportFormat = (typeof exportFormats)[number]

/** For how long a file is kept. */
export const exportKeptMs = 7 * dayMs
/** How many exports one person has at once, finished ones included. */
export const maxExports = 5
/** The most that one file, and all files together, may take, in bytes. */
export const maxExportBytes = 1_000_000_000
export const maxAllExportBytes = 4_000_000_000
/** What one person’s files together may take: room is left for others. */
export const maxOwnExportBytes = maxAllExportBytes / 2
/** Files of up to so many entries are downloaded at once. */
export const maxDirectRows = 10_000

export type ExportError = 'too_large' | 'own_room' | 'no_room' | 'broken'

/** An export as its person sees it. */
export type ExportView = {
  id: string
  format: ExportFormat
  /** As the table keeps it: times as text. */
  filter: Readonly<Record<string, unknown>>
  state: 'waiting' | 'done' | 'failed'
  createdAt: Date
  finishedAt: Date | null
  /** How many events it will have; null: nobody knows yet. */
  total: number | null
  /** When the last event in it happened. */
  reached: Date | null
  events: number
  bytes: number
  error: string | null
  /** Whether a worker writes it, or has begun to. */
  isBegun: boolean
}

/** Why there is no file, in words, and what to do. */
export const exportErrorInWords: Readonly<Record<ExportError, string>> = {
  too_large: 'The file would be larger than 1 GB. Narrow the filter, for instance to a shorter time.',
  own_room: 'Your exports together would take more than the 2 GB that one person may have.',
  no_room:
    'All exports together take the 4 GB that are kept for them. Remove some, or wait: each is removed after 7 days.',
  broken: 'Writing it failed several times. The worker’s log says why.',
}

/** @returns the one of some exports whose removal makes most room; null: none of them has a file */
export function largestExport<E extends Pick<ExportView, 'bytes'>>(exports: readonly E[]): E | null {
  const [first] = exports.filter(({ bytes }) => bytes > 0).sort((a, b) => b.bytes - a.bytes)
  return first ?? null
}

/** @returns the name that a browser saves the file under */
export const exportFileName = ({ createdAt, format }: Pick<ExportView, 'createdAt' | 'format'>): string =>
  `spaceport-audit-${createdAt.toISOString().slice(0, 10)}.${format}.gz`
