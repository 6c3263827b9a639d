import { AppError, type ErrorCode } from '#lib/kernel/model/errors.ts'

/** The scimType keywords of RFC 7644, section 3.12, by error code. */
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

/** @returns an expected failure with a message for the provider's administrators */
export const scimFailure = (code: ScimCode, sentence: string): AppError => new AppError(code, { sentence })

/** @returns the scimType of a failure, if it has one */
export const scimTypeOf = (code: ErrorCode): string | undefined => types[code]
