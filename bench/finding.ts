import { median, type Spread, spreadOf } from './statistics.ts'

/** One line of the table. */
export type Finding = {
  row: string
  what: string
  ours: string
  reference: string
  /** What is compared with the bar, with the spread over the rounds. */
  figure: string
  bar: string
  /** Undefined where there is no bar. */
  holds: boolean | undefined
}

/** Short, and as exact as such measurements are. */
function formatNumber(value: number): string {
  if (!Number.isFinite(value)) return '?'
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2
  return value.toFixed(digits)
}

const formatSpread = ({ median: middle, least, most }: Spread, unit: string): string =>
  `${formatNumber(middle)}${unit} (${formatNumber(least)}–${formatNumber(most)})`

type Measured = { row: string; what: string; unit: string; ours: readonly number[]; reference: readonly number[] }

/**
 * Compares round by round, because neighbours in time share the machine's state.
 * @param bar the ratio's bound, and on which side of it is good
 */
export function ratioFinding(measured: Measured, bar: { most: number } | { least: number }): Finding {
  const ratios = measured.ours.map((value, round) => value / (measured.reference[round] ?? Number.NaN))
  const figure = spreadOf(ratios)
  const holds = 'most' in bar ? figure.median <= bar.most : figure.median >= bar.least
  return {
    ...summarise(measured),
    figure: formatSpread(figure, '×'),
    bar: 'most' in bar ? `≤ ${bar.most}×` : `≥ ${bar.least}×`,
    holds,
  }
}

/** @param bar how much more than the reference ours may be, in the unit */
export function differenceFinding(measured: Measured, bar: number): Finding {
  const figure = spreadOf(measured.ours.map((value, round) => value - (measured.reference[round] ?? Number.NaN)))
  return {
    ...summarise(measured),
    figure: `+${formatSpread(figure, ` ${measured.unit}`)}`,
    bar: `≤ +${bar} ${measured.unit}`,
    holds: figure.median <= bar,
  }
}

/** Something with a bound of its own and no reference. */
export function boundFinding({ row, what, unit, ours }: Omit<Measured, 'reference'>, bar: number | undefined): Finding {
  const figure = spreadOf(ours)
  return {
    row,
    what,
    ours: `${formatNumber(figure.median)} ${unit}`,
    reference: '—',
    figure: formatSpread(figure, ` ${unit}`),
    bar: bar === undefined ? '—' : `≤ ${bar} ${unit}`,
    holds: bar === undefined ? undefined : figure.median <= bar,
  }
}

const summarise = ({ row, what, unit, ours, reference }: Measured) => ({
  row,
  what,
  ours: `${formatNumber(median(ours))} ${unit}`,
  reference: `${formatNumber(median(reference))} ${unit}`,
})

/** A row that could not be measured: said, and failed. */
export const brokenFinding = (row: string, error: unknown): Finding => ({
  row,
  what: error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error),
  ours: '—',
  reference: '—',
  figure: 'not measured',
  bar: '—',
  holds: false,
})
