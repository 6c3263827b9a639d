import type { Progress } from '#dev/cluster/progress.ts'

export type Row = { part: string; state: Progress['state'] | 'failed'; detail: string; since: number; until?: number }

/** Records a part's reports. Its clock runs from the first report until it is ready. */
export function updateRow(rows: Map<string, Row>, progress: Progress, now: number): void {
  const known = rows.get(progress.part)
  const ended = progress.state === 'ready' || progress.state === 'stopped'
  rows.set(progress.part, {
    part: progress.part,
    state: progress.state,
    detail: progress.detail ?? '',
    since: known?.since ?? now,
    ...(ended && { until: known?.until ?? now }),
  })
}

const marks: Record<Row['state'], string> = {
  building: '⋯',
  starting: '⋯',
  ready: '✓',
  stopping: '⋯',
  stopped: '·',
  failed: '✗',
}

const colours: Record<Row['state'], number> = {
  building: 33,
  starting: 33,
  ready: 32,
  stopping: 33,
  stopped: 90,
  failed: 31,
}

/** @param options.width columns of the terminal; longer lines are cut @param options.colour for a terminal */
export function renderRow(row: Row, now: number, options: { width: number; colour: boolean }): string {
  const seconds = (((row.until ?? now) - row.since) / 1000).toFixed(1).padStart(6)
  const text = `${row.part.padEnd(24)} ${row.state.padEnd(9)}${seconds} s  ${row.detail}`.trimEnd()
  const cut = text.length > options.width - 4 ? `${text.slice(0, options.width - 5)}…` : text
  const mark = options.colour ? `\x1b[${colours[row.state]}m${marks[row.state]}\x1b[0m` : marks[row.state]
  return `  ${mark} ${cut}`
}
