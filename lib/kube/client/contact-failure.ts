import type { ContactFailure } from '#lib/features/clusters/model/contact.ts'
import type { AppError } from '#lib/kernel/model/errors.ts'
import { isCredentialError } from '#lib/kubeconfig/credential-error.ts'
import { ApiServerError, networkCode } from './request.ts'

const byCode: Readonly<Record<string, ContactFailure>> = {
  ENOTFOUND: 'name',
  EAI_AGAIN: 'name',
  UND_ERR_CONNECT_TIMEOUT: 'late',
  ETIMEDOUT: 'late',
}

/** The codes of Node and OpenSSL for faults of certificates and TLS. */
const ofTls =
  /^(?:CERT_|ERR_TLS_|ERR_SSL_|UNABLE_TO_|EPROTO$|HOSTNAME_MISMATCH$|DEPTH_ZERO_SELF_SIGNED_CERT$|SELF_SIGNED_CERT_IN_CHAIN$)/

/**
 * @param error thrown by `request`
 * @returns its kind, without its message, which names hosts and users
 */
export function contactFailureOf(error: AppError): ContactFailure {
  if (error instanceof ApiServerError) {
    if (error.httpStatus === 401) return 'credential'
    if (error.httpStatus === 403) return 'forbidden'
    return error.code === 'cluster_busy' ? 'busy' : 'answer'
  }
  if (error.code === 'cluster_busy') return 'late'
  if (error.code !== 'cluster_unreachable') return 'answer'
  if (isCredentialError(error.cause)) return 'login'
  const code = networkCode(error.cause)
  return byCode[code] ?? (ofTls.test(code) ? 'certificate' : 'connection')
}
