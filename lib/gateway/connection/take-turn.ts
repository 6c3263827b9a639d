import { sourceKey } from '#lib/domain/source-key.ts'
import type { Exchange, Known } from '#lib/gateway/exchange.ts'
import type { Gateway } from '#lib/gateway/gateway.ts'

/** What a piece of an answer or of a stream costs, next to a small request. */
const turnsOfPiece = 1 / 4
const heardAtOnce = 8

type Turn = Promise<void> | undefined

/** @returns undefined, or what to wait for where others want turns too; strangers share those of their address */
export function takeTurn({ share }: Gateway, { exchange, access }: Known, turns = 1): Turn {
  const source = sourceKey(exchange.source)
  return share.take(access?.person.id ?? source, source, turns)
}

/**
 * Node hands on all that arrives in one piece, however many requests that are. Beyond a few in one connection they take
 * turns before anybody looks at them, as their address.
 */
export const takeTurnBehind = ({ share }: Gateway, { behind, source }: Exchange): Turn =>
  behind < heardAtOnce ? undefined : share.take(sourceKey(source), sourceKey(source))

/** What `takeTurn` does, for a piece of what goes on for longer. */
export const takeTurnForPiece = (gateway: Gateway, known: Known): Turn => takeTurn(gateway, known, turnsOfPiece)
