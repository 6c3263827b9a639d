import { z } from 'zod'

/** For each field of an input that is not text: how it is read from a form's text. */
export type Readers<S extends z.ZodRawShape> = {
  [K in keyof S as z.input<S[K]> extends string | undefined ? never : K]: z.ZodType<z.input<S[K]>>
}

/**
 * Makes the schema of a form from the input of its use case: the same fields, and each of them text until it is read.
 * Which may be absent, and what they may hold, the input says.
 */
export const formOf = <S extends z.ZodRawShape>(input: z.ZodObject<S>, readers: Readers<S>) =>
  formWith(input, readers, (form) => form)

/** As formOf, for a form whose fields have to be arranged before they are the use case's input. */
export function formWith<S extends z.ZodRawShape>(
  input: z.ZodObject<S>,
  readers: z.ZodRawShape,
  arrange: (form: Record<string, unknown>) => unknown,
) {
  const texts = Object.fromEntries(Object.keys(input.shape).map((name) => [name, z.string().optional()]))
  return z.strictObject({ ...texts, ...readers }).pipe(z.preprocess(arrange, input))
}
