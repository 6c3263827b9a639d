import { inNumber } from '#lib/kernel/model/in-number.ts'

/** So many of them are changed by one request: an act on many is told about while it goes on. */
export const spacesPerTurn = 5

/** A space that was chosen from a list. The id tells it from a later one of the same name. */
export type ChosenSpace = { id: string; cluster: string; name: string }

/** What became of one of several: `why` it wasn’t changed; null: it was. */
export type SpaceOutcome = ChosenSpace & { why: string | null }

/** @returns spaces as one field of a form */
export const writeChoice = (spaces: readonly ChosenSpace[]): string =>
  spaces.map(({ id, cluster, name }) => `${id}/${cluster}/${name}`).join(',')

/** @returns what has to be typed to delete so many spaces */
export const deletionPhrase = (count: number): string => `delete ${inNumber(count, 'space')}`
