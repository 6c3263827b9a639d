import type { ChainState, TrailCheck } from '#lib/kernel/model/audit/trail-check.ts'

type Serialized<T> = { [K in keyof T]: T[K] extends Date ? string : T[K] extends Date | null ? string | null : T[K] }

/** The state of the chain as data for the browser. */
export type ChainData = {
  first: string | null
  last: { number: string; sealedAt: string } | null
  archived: ChainState['archived']
  waiting: number
  checkpoint: Serialized<NonNullable<ChainState['checkpoint']>> | null
  checks: CheckData[]
}
export type CheckData = Serialized<TrailCheck>

export const toChainData = ({ first, last, archived, waiting, checkpoint, checks }: ChainState): ChainData => ({
  first: first?.sealedAt.toISOString() ?? null,
  last: last && { ...last, sealedAt: last.sealedAt.toISOString() },
  archived,
  waiting,
  checkpoint: checkpoint && { ...checkpoint, madeAt: checkpoint.madeAt.toISOString() },
  checks: checks.map(toCheckData),
})

const text = (at: Date | null): string | null => at?.toISOString() ?? null

const toCheckData = (check: TrailCheck): CheckData => ({
  ...check,
  askedAt: check.askedAt.toISOString(),
  fromAt: text(check.fromAt),
  toAt: text(check.toAt),
  cancelledAt: text(check.cancelledAt),
  startedAt: text(check.startedAt),
  endedAt: text(check.endedAt),
})
