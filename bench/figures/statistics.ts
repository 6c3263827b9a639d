/** @returns the value below which a share of the samples lies, by nearest rank; NaN when there are none */
export function percentile(samples: readonly number[], share: number): number {
  const sorted = samples.toSorted((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN
}

export const median = (samples: readonly number[]): number => percentile(samples, 0.5)

/** What rounds gave: their median, the minimum and the maximum. */
export type Spread = { median: number; min: number; max: number }

export const spreadOf = (samples: readonly number[]): Spread => ({
  median: median(samples),
  min: Math.min(...samples),
  max: Math.max(...samples),
})
