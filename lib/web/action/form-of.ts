import { z } from 'zod'

/** Parsers for the input fields that aren't strings. */
export type Readers<S extends z.ZodRawShape> = {
  [K in keyof S as z.input<S[K]> extends string | undefined ? never : K]: z.ZodType<z.input<S[K]>>
}

/**
 * Derives a form's schema from its use case's input: the same fields, all strings unless they have a reader. The input
 * decides which are required and which values are valid.
 */
export const formOf = <S extends z.ZodRawShape>(input: z.ZodObject<S>, readers: Readers<S>) =>
  formWith(input, readers, (form) => form)

/** Like formOf, for a form with fields that must be rearranged into the use case's input. */
export function formWith<S extends z.ZodRawShape>(
  input: z.ZodObject<S>,
  readers: z.ZodRawShape,
  arrange: (form: Record<string, unknown>) => unknown,
) {
  const texts = Object.fromEntries(Object.keys(input.shape).map((name) => [name, z.string().optional()]))
  return z.strictObject({ ...texts, ...readers }).pipe(z.preprocess(arrange, input))
}
