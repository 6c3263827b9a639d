/**
 * Every failure that we expect, by one closed list of codes.
 * One table says what HTTP status a code has and what the person is told.
 */
const table = {
  bad_input: [400, 'Something in the form is not right. Check the marked fields.'],
  not_signed_in: [401, 'You are signed out. Sign in and try again.'],
  deactivated: [403, 'Your account is deactivated. Ask a platform admin if this is a mistake.'],
  forbidden: [403, 'Your role does not allow this.'],
  foreign_origin: [403, 'This request came from another site and was refused.'],
  not_found: [404, 'There is nothing here that you may see.'],
  name_invalid: [400, 'Use lowercase letters, digits and hyphens; start and end with a letter or digit.'],
  name_protected: [400, 'This name is reserved for the cluster. Choose another.'],
  name_taken: [409, 'This name is taken. Choose another.'],
  space_limit: [403, 'You have as many spaces as your limit allows. Ask for one more, or delete one.'],
  size_limit: [403, 'This size needs an approval. Ask for it, or choose a smaller one.'],
  space_busy: [409, 'The space is being changed right now. Try again in a moment.'],
  space_deleting: [409, 'The space is being deleted; nothing in it can be changed any more.'],
  confirmation_mismatch: [400, 'The name you typed is not the name of the space.'],
  principal_unknown: [404, 'Nobody of that handle has signed in yet. Check the spelling, or ask them to sign in once.'],
  grant_exists: [409, 'They already have a role here. Change that one instead.'],
  grant_owner: [409, 'The owner already has every right here.'],
  own_gain: [403, 'Nobody gives themselves more rights. Ask for access instead; somebody else decides.'],
  own_request: [403, 'Nobody decides on their own request.'],
  request_closed: [409, 'Somebody has already decided on this request, or it was withdrawn or has lapsed.'],
  request_changed: [409, 'What was asked is not what you were shown. Reload the page and look again.'],
  request_duplicate: [409, 'You have already asked for this. See it under Requests.'],
  end_in_past: [400, 'The end must lie in the future.'],
  lifetime_too_long: [400, 'That is longer than a credential may live.'],
  rate_limited: [429, 'That was too often in a short time. Wait a minute and try again.'],
  trail_unavailable: [503, 'The audit trail cannot be written right now, so nothing was done. Try again in a moment.'],
  database_unavailable: [503, 'The database cannot be reached right now, so nothing was done. Try again in a moment.'],
  cluster_unknown: [404, 'There is no such cluster.'],
  cluster_unreachable: [503, 'The cluster does not answer. Nothing is lost: it is tried again by itself.'],
  cluster_refused: [
    502,
    'The cluster refused what Spaceport asked for. A platform admin has to look at Spaceport’s rights.',
  ],
  cluster_conflict: [409, 'What is on the cluster is not what Spaceport made. It was left alone.'],
  cluster_busy: [503, 'The cluster is too busy right now. It is tried again by itself.'],
  cluster_failed: [502, 'The cluster answered with an error. It is tried again by itself.'],
  fences_missing: [
    503,
    'The cluster’s admission policies are not in force, so Spaceport does not hand out access on it.',
  ],
  access_not_effective: [503, 'The cluster does not yet allow the owner in. It is tried again by itself.'],
  namespace_taken: [409, 'A namespace of that name exists on the cluster and is not ours. Choose another name.'],
  namespace_terminating: [409, 'A namespace of that name is still being deleted. Try again in a few seconds.'],
  namespace_gone: [409, 'The namespace was deleted on the cluster. Delete the space and make a new one.'],
} as const satisfies Record<string, readonly [status: number, sentence: string]>

export type ErrorCode = keyof typeof table

/** All codes, for tests and metrics. */
export const errorCodes = Object.keys(table) as ErrorCode[]

/** @returns the HTTP status of a code */
export const statusOf = (code: ErrorCode): number => table[code][0]

/** @returns the sentence that a person is shown for a code */
export const sentenceOf = (code: ErrorCode): string => table[code][1]

/**
 * An expected failure. `message` is for the log; `sentence` is for the person and may be made more exact than
 * the table's, but never holds anything that the person may not see. `fields` marks the inputs that are wrong.
 */
export class AppError extends Error {
  readonly code: ErrorCode
  readonly status: number
  readonly sentence: string
  readonly fields: Readonly<Record<string, string>>

  constructor(
    code: ErrorCode,
    options: { detail?: string; sentence?: string; fields?: Record<string, string>; cause?: unknown } = {},
  ) {
    super(options.detail ? `${code}: ${options.detail}` : code, { cause: options.cause })
    this.name = 'AppError'
    this.code = code
    this.status = statusOf(code)
    this.sentence = options.sentence ?? sentenceOf(code)
    this.fields = options.fields ?? {}
  }
}

/** @returns whether a thrown value is an expected failure, optionally one of certain codes */
export function isAppError(error: unknown, ...codes: ErrorCode[]): error is AppError {
  return error instanceof AppError && (codes.length === 0 || codes.includes(error.code))
}
