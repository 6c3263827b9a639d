/** A credential plugin issued no credential. The message says why, and contains no output of the plugin. */
export class CredentialError extends Error {
  override name = 'CredentialError'
}

/** Next bundles this module more than once in one process, so the class is known by its name. */
export const isCredentialError = (error: unknown): error is CredentialError =>
  error instanceof Error && error.name === 'CredentialError'
