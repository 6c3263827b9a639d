import { inNumber } from '#lib/kernel/model/in-number.ts'

/** The most spaces that one request changes, so that a bulk action can report its progress. */
export const spacesPerBatch = 5

/** A space selected in a list. The id distinguishes it from a later space of the same name. */
export type ChosenSpace = { id: string; cluster: string; name: string }

/** The result for one of several spaces: `why` it wasn’t changed; null: it was. */
export type SpaceOutcome = ChosenSpace & { why: string | null }

/** @returns spaces as one form field */
export const writeChoice = (spaces: readonly ChosenSpace[]): string =>
  spaces.map(({ id, cluster, name }) => `${id}/${cluster}/${name}`).join(',')

/** @returns the text to type to delete this many spaces */
export const deletionPhrase = (count: number): string => `delete ${inNumber(count, 'space')}`
