import { AppError, type ErrorCode } from '#lib/kernel/model/errors.ts'

/** The detail error keywords of RFC 7644, section 3.12, by our codes. */
const types: Partial<Record<ErrorCode, string>> = {
  scim_filter: 'invalidFilter',
  scim_path: 'invalidPath',
  scim_value: 'invalidValue',
  scim_syntax: 'invalidSyntax',
  scim_target: 'noTarget',
  scim_mutability: 'mutability',
  scim_taken: 'uniqueness',
}

export type ScimCode = Extract<ErrorCode, `scim_${string}`>

/** @returns an expected failure whose sentence the provider's administrators read */
export const scimFailure = (code: ScimCode, sentence: string): AppError => new AppError(code, { sentence })

/** @returns SCIM's own word for a failure, if it has one */
export const scimTypeOf = (code: ErrorCode): string | undefined => types[code]
