/** Why a cluster couldn’t be reached: a closed list, because an error’s own words may name hosts and users. */
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

/** As many latencies are kept: of five minutes. */
export const maxLatencies = 60
/** Workers ask more often, and say so once a minute. */
const maxSilenceMs = 3 * 60_000

/** What is known of the last contacts with a cluster. */
export type Contacts = {
  triedAt: Date | null
  answeredAt: Date | null
  failingSince: Date | null
  failure: ContactFailure | null
}

/** `never`: no worker has asked it yet. `silent`: none has asked lately, so nothing is known of now. */
export type ContactState = 'answers' | 'fails' | 'silent' | 'never'

/** @returns what is to be said of a cluster’s contact */
export function contactStateOf({ triedAt, failingSince }: Contacts, now: Date): ContactState {
  if (!triedAt) return 'never'
  if (now.getTime() - triedAt.getTime() > maxSilenceMs) return 'silent'
  return failingSince ? 'fails' : 'answers'
}

/** In milliseconds. */
export type Latency = { median: number; slowest: number }

/** @returns of the last contacts; null: there were none */
export function latencyOf(latencies: readonly number[]): Latency | null {
  const sorted = [...latencies].sort((a, b) => a - b)
  const median = sorted[Math.floor((sorted.length - 1) / 2)]
  const slowest = sorted.at(-1)
  return median === undefined || slowest === undefined ? null : { median, slowest }
}
