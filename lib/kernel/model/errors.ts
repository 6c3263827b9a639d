/** All expected failures: HTTP status, and the sentence that the person sees. */
const table = {
  bad_input: [400, 'Some fields need your attention.'],
  not_signed_in: [401, 'You are signed out. Sign in, then try again: what you typed stays here.'],
  deactivated: [403, 'Your account is deactivated. Ask a platform admin if this is a mistake.'],
  forbidden: [403, 'Your role doesn’t allow this.'],
  foreign_origin: [403, 'This request came from another site and was refused.'],
  not_found: [404, 'Not found, or not shared with you.'],
  name_invalid: [400, 'Use lowercase letters, digits and hyphens, and start and end with a letter or digit.'],
  name_protected: [400, 'This name is reserved for the cluster. Choose another.'],
  name_taken: [409, 'This name is taken. Choose another.'],
  space_limit: [403, 'You’ve reached your space limit. Request approval for another one, or delete one.'],
  size_limit: [403, 'This size needs approval. Request approval, or choose a smaller one.'],
  space_too_long: [403, 'That’s longer than a space may last. Choose an earlier end.'],
  role_too_long: [403, 'That’s longer than this role may last. Choose an earlier end.'],
  role_needs_approval: [403, 'This role needs approval. Ask the person to request it.'],
  policy_changed: [409, 'Someone else has changed the policy since you opened it. Reload the page and check it again.'],
  space_busy: [409, 'The space is being changed right now. Try again in a moment.'],
  space_deleting: [409, 'The space is being deleted and can’t be changed anymore.'],
  confirmation_mismatch: [400, 'That doesn’t match the name of the space.'],
  principal_unknown: [
    404,
    'No one with that handle has signed in yet. Check the spelling, or ask them to sign in once.',
  ],
  grant_exists: [409, 'They already have a role here. Change that one instead.'],
  grant_owner: [409, 'The owner already has full access here.'],
  self_escalation: [403, 'You can’t give yourself more access. Request it instead, and someone else decides.'],
  beyond_own: [
    403,
    'You can’t give more access than you have here: no higher role and no later end date. Ask the owner instead.',
  ],
  own_account: [403, 'You can’t deactivate yourself. Ask another platform admin.'],
  own_request: [403, 'You can’t decide on your own request.'],
  request_closed: [409, 'This request is closed: it was decided, withdrawn or expired.'],
  already_approved: [409, 'You have approved this request already. Someone else has to approve it too.'],
  request_changed: [409, 'The request differs from what you were shown. Reload the page and check it again.'],
  too_many_exports: [409, 'You have five exports already. Remove one first.'],
  too_many_filters: [409, 'You have 20 saved filters for this list already. Delete one first.'],
  webhooks_unavailable: [503, 'Webhooks aren’t set up here. A platform admin can do that.'],
  webhook_exists: [409, 'You already have a webhook. Reload the page and change that one.'],
  webhook_unreadable: [
    409,
    'Your webhook can’t be read because this portal’s encryption key was replaced. Remove it and set it up again.',
  ],
  own_access: [403, 'You can’t decide on your own access. Another platform admin decides.'],
  trail_check_running: [409, 'A verification is already running. Wait for it, or cancel it.'],
  review_closed: [409, 'This review is closed, or being closed. Nothing was decided.'],
  review_decided: [409, 'Someone else has decided about this, or it isn’t yours to decide. Reload the page.'],
  review_exists: [409, 'A review with this name is still open. Choose another name.'],
  request_duplicate: [409, 'You already have an open request for this. Find it under Requests.'],
  offer_exists: [409, 'This space has already been offered to someone. Withdraw that offer first.'],
  offer_closed: [409, 'This offer is closed: it was accepted, declined, withdrawn or expired.'],
  declared_in_git: [409, 'This space is declared in Git. Change it there.'],
  end_in_past: [400, 'The end date must be in the future.'],
  lifetime_too_long: [400, 'That’s longer than a kubeconfig can be valid.'],
  fresh_sign_in_needed: [403, 'A kubeconfig that lasts this long needs a fresh sign-in. Sign in again first.'],
  scim_token: [401, 'The provisioning token is missing or not in force.'],
  scim_filter: [400, 'The filter can’t be read.'],
  scim_path: [400, 'The path can’t be read.'],
  scim_value: [400, 'A value can’t be used.'],
  scim_syntax: [400, 'The request can’t be read.'],
  scim_target: [400, 'The path matches nothing.'],
  scim_mutability: [400, 'This attribute can’t be changed.'],
  scim_taken: [409, 'Something with this name or id already exists.'],
  scim_shut_out: [409, 'A platform admin has to reactivate this person in Spaceport first.'],
  scim_frozen: [503, 'Platform admins have frozen provisioning. Nothing changes until they unfreeze it.'],
  scim_last_admin: [
    403,
    'This would leave no platform admin besides those who created this token. A platform admin has to do it in Spaceport.',
  ],
  scim_busy: [503, 'Someone else is changing the platform admins right now. Try again in a moment.'],
  scim_unlisted: [403, 'Provisioning may not change this group.'],
  scim_method: [405, 'This method isn’t supported here.'],
  scim_media_type: [415, 'Send application/scim+json, not compressed.'],
  scim_unsupported: [501, 'This isn’t supported. See /ServiceProviderConfig.'],
  scim_version: [412, 'It has changed since it was read. Read it again.'],
  scim_too_large: [413, 'The request changes too much at once.'],
  token_request_open: [
    409,
    'You already have an open request for a token. Reveal the token, or withdraw the request first.',
  ],
  token_request_closed: [
    409,
    'This request is no longer open: it was approved, declined or withdrawn, it expired, or the token was revealed. Reload the page.',
  ],
  token_request_stale: [
    409,
    'The person who requested or approved this token is no longer an active platform admin. Decline this request and make a new one.',
  ],
  token_not_stopped: [
    409,
    'This token doesn’t need to be taken over: everyone responsible for it is an active platform admin.',
  ],
  provisioning_tokens: [409, 'Two tokens are in force already. Revoke one first.'],
  rate_limited: [429, 'Too many attempts in a short time. Wait a minute and try again.'],
  trail_unavailable: [503, 'The audit trail can’t be written right now, so nothing was done. Try again in a moment.'],
  database_unavailable: [503, 'The database can’t be reached right now, so nothing was done. Try again in a moment.'],
  busy: [503, 'Someone else is changing the same thing right now, so nothing was done. Try again in a moment.'],
  outcome_unknown: [
    503,
    'The database connection was lost while saving, so the change may or may not have been made. Reload the page and check before you try again.',
  ],
  object_gone: [404, 'This no longer exists. Reload the page.'],
  object_changed: [
    409,
    'This has changed or been replaced since you opened the page. Reload the page and check it again.',
  ],
  change_refused: [403, 'The cluster refused this.'],
  change_unknown: [
    503,
    'The connection was lost, so this may or may not have been done. Reload the page and check before you try again.',
  ],
  gateway_unreachable: [503, 'The gateway isn’t responding, so nothing was done. Try again in a moment.'],
  cluster_unknown: [404, 'This cluster doesn’t exist.'],
  cluster_unreachable: [503, 'The cluster isn’t responding. Nothing is lost, and Spaceport keeps retrying.'],
  cluster_refused: [
    502,
    'The cluster refused the change. A platform admin needs to check Spaceport’s permissions on it.',
  ],
  cluster_conflict: [
    409,
    'Spaceport found an object on the cluster that it didn’t create, and left it alone. A platform admin needs to check it.',
  ],
  cluster_busy: [503, 'The cluster is busy right now. Spaceport keeps retrying.'],
  cluster_failed: [502, 'The cluster answered with an error. Spaceport keeps retrying.'],
  fences_missing: [
    503,
    'The cluster’s admission policies aren’t in force, so Spaceport isn’t granting access yet. A platform admin needs to check them.',
  ],
  access_not_effective: [503, 'The cluster doesn’t give the owner access yet. Spaceport keeps retrying.'],
  limits_not_effective: [503, 'The cluster doesn’t apply the space’s limits yet. Spaceport keeps retrying.'],
  namespace_taken: [409, 'A namespace with this name already exists on the cluster. Choose another name.'],
  namespace_terminating: [409, 'A namespace with this name is still being deleted. Try again in a few seconds.'],
  namespace_gone: [409, 'The namespace was deleted on the cluster. Delete the space and create a new one.'],
} as const satisfies Record<string, readonly [status: number, sentence: string]>

export type ErrorCode = keyof typeof table

export const errorCodes = Object.keys(table) as ErrorCode[]

export const statusOf = (code: ErrorCode): number => table[code][0]

export const sentenceOf = (code: ErrorCode): string => table[code][1]

/**
 * Marks an expected failure. Next bundles this module more than once per process, so `instanceof` doesn't recognise
 * errors of another bundle's class.
 */
const brand = Symbol.for('spaceport.app-error')

/**
 * An expected failure. `message` is for the log; `sentence` is for the person, and never contains anything that they
 * may not see. `fields` marks the invalid inputs.
 */
export class AppError extends Error {
  readonly [brand] = true
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

/** @returns whether an error is an expected failure, optionally with one of some codes */
export function isAppError(error: unknown, ...codes: ErrorCode[]): error is AppError {
  return isBranded(error) && (codes.length === 0 || codes.includes(error.code))
}

const isBranded = (error: unknown): error is AppError => typeof error === 'object' && error !== null && brand in error
