import type { Exchange, RequestState } from '#lib/gateway/exchange.ts'
import type { Gateway } from '#lib/gateway/gateway.ts'
import { sourceKey } from '#lib/kernel/model/people/source-key.ts'

/** The cost of a piece of an answer or a stream, in turns. */
const turnsOfPiece = 1 / 4
const freeBehind = 8

type Turn = Promise<void> | undefined

/** @returns undefined, or a promise to await; unauthenticated callers share their address's turns */
export function takeTurn({ share }: Gateway, { exchange, access }: RequestState, turns = 1): Turn {
  const source = sourceKey(exchange.source)
  return share.take(access?.person.id ?? source, source, turns)
}

/**
 * Node delivers all requests of one packet at once. Beyond a few on one connection, they take turns by address before
 * further parsing.
 */
export const takeTurnBehind = ({ share }: Gateway, { behind, source }: Exchange): Turn =>
  behind < freeBehind ? undefined : share.take(sourceKey(source), sourceKey(source))

export const takeTurnForPiece = (gateway: Gateway, known: RequestState): Turn => takeTurn(gateway, known, turnsOfPiece)
