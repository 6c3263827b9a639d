import { median, type Spread, spreadOf } from './statistics.ts'

/** One line of the table. */
export type Finding = {
  row: string
  what: string
  ours: string
  reference: string
  /** The value compared with the bar, with the spread over the rounds. */
  figure: string
  bar: string
  /** Undefined: no bar. */
  holds: boolean | undefined
  /** The value of each round. */
  rounds?: { unit: string; ours: readonly number[]; reference?: readonly number[] }
}

/** Short, and as precise as such measurements are. */
function formatNumber(value: number): string {
  if (!Number.isFinite(value)) return '?'
  if (Number.isInteger(value)) return String(value)
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2
  return value.toFixed(digits)
}

const formatSpread = ({ median: middle, min, max }: Spread, unit: string): string =>
  min === max
    ? `${formatNumber(middle)}${unit}`
    : `${formatNumber(middle)}${unit} (${formatNumber(min)}–${formatNumber(max)})`

const formatSamples = (samples: readonly number[], unit: string): string => formatSpread(spreadOf(samples), ` ${unit}`)

type Measurement = { row: string; what: string; unit: string; ours: readonly number[]; reference: readonly number[] }

/** Without a bar a figure is only reported, but a missing measurement still fails. */
const holdsIfMeasured = (figure: number, holds: boolean | undefined) => (Number.isFinite(figure) ? holds : false)

/**
 * Compares round by round, because neighbouring rounds share the machine’s state.
 * @param bar the ratio’s bound, and which side of it is good; undefined: the ratio is only reported
 */
export function ratioFinding(measured: Measurement, bar?: { max: number } | { min: number }): Finding {
  const ratios = measured.ours.map((value, round) => value / (measured.reference[round] ?? Number.NaN))
  const figure = spreadOf(ratios)
  const holds = bar === undefined ? undefined : 'max' in bar ? figure.median <= bar.max : figure.median >= bar.min
  return {
    ...summarise(measured),
    figure: formatSpread(figure, '×'),
    bar: bar === undefined ? '—' : 'max' in bar ? `≤ ${bar.max}×` : `≥ ${bar.min}×`,
    holds: holdsIfMeasured(figure.median, holds),
  }
}

/** @param bar by how much ours may exceed the reference, in the unit */
export function differenceFinding(measured: Measurement, bar: number): Finding {
  const figure = spreadOf(measured.ours.map((value, round) => value - (measured.reference[round] ?? Number.NaN)))
  return {
    ...summarise(measured),
    figure: `${figure.median < 0 ? '' : '+'}${formatSpread(figure, ` ${measured.unit}`)}`,
    bar: `≤ +${bar} ${measured.unit}`,
    holds: figure.median <= bar,
  }
}

/** A figure with its own bound and no reference. */
export function boundFinding(
  { row, what, unit, ours }: Omit<Measurement, 'reference'>,
  bar: number | undefined,
): Finding {
  const figure = median(ours)
  return {
    row,
    what,
    ours: formatSamples(ours, unit),
    reference: '—',
    figure: `${formatNumber(figure)} ${unit}`,
    bar: bar === undefined ? '—' : `≤ ${bar} ${unit}`,
    holds: holdsIfMeasured(figure, bar === undefined ? undefined : figure <= bar),
    rounds: { unit, ours },
  }
}

const summarise = ({ row, what, unit, ours, reference }: Measurement) => ({
  row,
  what,
  ours: formatSamples(ours, unit),
  reference: formatSamples(reference, unit),
  rounds: { unit, ours, reference },
})

/** A row that could not be measured, reported as failed. */
export const brokenFinding = (row: string, error: unknown): Finding => ({
  row,
  what: error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error),
  ours: '—',
  reference: '—',
  figure: 'not measured',
  bar: '—',
  holds: false,
})
