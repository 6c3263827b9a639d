import { z } from 'zod'
import { inNumber } from './in-number.ts'

/** So many spaces are changed in one act, at most: more than a page of the list shows. */
const maxChosen = 50

/** So many of them are changed by one request: an act on many is told about while it goes on. */
export const spacesPerTurn = 5

/** A space that was chosen from a list. The id tells it from a later one of the same name. */
export type ChosenSpace = { id: string; cluster: string; name: string }

/** What became of one of several: `why` it wasn’t changed; null: it was. */
export type SpaceOutcome = ChosenSpace & { why: string | null }

const chosenSpace = z
  .strictObject({ id: z.uuid(), cluster: z.string().min(1).max(32), name: z.string().min(1).max(63) })
  .readonly()

/** Several spaces in one field of a form, as `writeChoice` writes them. */
export const spaceChoice = z
  .string()
  .max(maxChosen * 140)
  .transform((text) =>
    text.split(',').map((one) => {
      const [id, cluster, name, ...rest] = one.split('/')
      return rest.length > 0 ? null : { id, cluster, name }
    }),
  )
  .pipe(
    z
      .array(chosenSpace)
      .min(1)
      .max(maxChosen, `At most ${maxChosen} spaces at once.`)
      .refine((all) => new Set(all.map(({ id }) => id)).size === all.length, 'Name each space once.'),
  )

/** @returns spaces as one field of a form */
export const writeChoice = (spaces: readonly ChosenSpace[]): string =>
  spaces.map(({ id, cluster, name }) => `${id}/${cluster}/${name}`).join(',')

/** @returns what has to be typed to delete so many spaces */
export const deletionPhrase = (count: number): string => `delete ${inNumber(count, 'space')}`
