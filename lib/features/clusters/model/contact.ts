/** Why a cluster couldn’t be reached. A closed list, because error messages may name hosts and users. */
export const contactFailures = [
  'name',
  'connection',
  'certificate',
  'login',
  'late',
  'busy',
  'credential',
  'forbidden',
  'answer',
] as const
export type ContactFailure = (typeof contactFailures)[number]

/** How many latencies are kept: five minutes’ worth. */
export const maxLatencies = 60
/** Workers contact clusters more often, and record it once a minute. */
const maxSilenceMs = 3 * 60_000

/** The last contacts with a cluster. */
export type Contacts = {
  triedAt: Date | null
  answeredAt: Date | null
  failingSince: Date | null
  failure: ContactFailure | null
}

/** `never`: no worker has contacted it yet. `silent`: not contacted lately, so its state is unknown. */
export type ContactState = 'answers' | 'fails' | 'silent' | 'never'

/** @returns the state of a cluster’s contact */
export function contactStateOf({ triedAt, failingSince }: Contacts, now: Date): ContactState {
  if (!triedAt) return 'never'
  if (now.getTime() - triedAt.getTime() > maxSilenceMs) return 'silent'
  return failingSince ? 'fails' : 'answers'
}

/** In milliseconds. */
export type Latency = { median: number; slowest: number }

/** @returns of the last contacts; null: none */
export function latencyOf(latencies: readonly number[]): Latency | null {
  const sorted = [...latencies].sort((a, b) => a - b)
  const median = sorted[Math.floor((sorted.length - 1) / 2)]
  const slowest = sorted.at(-1)
  return median === undefined || slowest === undefined ? null : { median, slowest }
}
