import type { Exchange, Known } from '#lib/gateway/exchange.ts'
import type { Gateway } from '#lib/gateway/gateway.ts'
import { sourceKey } from '#lib/kernel/model/people/source-key.ts'

/** The cost of a piece of an answer or a stream, compared to a small request. */
const turnsOfPiece = 1 / 4
const freeBehind = 8

type Turn = Promise<void> | undefined

/** @returns undefined, or a promise to await if others wait for turns too; strangers share their address's turns */
export function takeTurn({ share }: Gateway, { exchange, access }: Known, turns = 1): Turn {
  const source = sourceKey(exchange.source)
  return share.take(access?.person.id ?? source, source, turns)
}

/**
 * Node hands over everything that arrives in one packet, however many requests that is. Beyond a few on one connection
 * they take turns under their address before they are parsed any further.
 */
export const takeTurnBehind = ({ share }: Gateway, { behind, source }: Exchange): Turn =>
  behind < freeBehind ? undefined : share.take(sourceKey(source), sourceKey(source))

/** Like `takeTurn`, for a piece of a longer answer or body. */
export const takeTurnForPiece = (gateway: Gateway, known: Known): Turn => takeTurn(gateway, known, turnsOfPiece)
