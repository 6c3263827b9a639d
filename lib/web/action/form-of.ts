import { z } from 'zod'

/** For each input field that isn't text: how to read it from a form's text. */
export type Readers<S extends z.ZodRawShape> = {
  [K in keyof S as z.input<S[K]> extends string | undefined ? never : K]: z.ZodType<z.input<S[K]>>
}

/**
 * Makes a form's schema from its use case's input: the same fields, all text unless there is a reader. The input
 * decides which are required and what they may contain.
 */
export const formOf = <S extends z.ZodRawShape>(input: z.ZodObject<S>, readers: Readers<S>) =>
  formWith(input, readers, (form) => form)

/** As formOf, for a form whose fields must be rearranged into the use case's input. */
export function formWith<S extends z.ZodRawShape>(
  input: z.ZodObject<S>,
  readers: z.ZodRawShape,
  arrange: (form: Record<string, unknown>) => unknown,
) {
  const texts = Object.fromEntries(Object.keys(input.shape).map((name) => [name, z.string().optional()]))
  return z.strictObject({ ...texts, ...readers }).pipe(z.preprocess(arrange, input))
}
