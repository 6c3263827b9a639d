import { type ClusterAccess, readTls, type TlsTexts } from './cluster-access.ts'
import { createExecLogin } from './exec-login.ts'
import { followFiles, readToken } from './follow-files.ts'

export type Credentials = { tls: TlsTexts; token: string | undefined }

export type ClusterLogin = {
  /**
   * Reads files again.
   * @throws CredentialError when a plugin issues no credential
   */
  current(): Promise<Credentials>
  /** Called when the API server rejected the result of `current`. */
  refused(): void
}

/**
 * Follows the credentials of a process: rotated files, and plugins' credentials that expire.
 * @throws ConfigurationError when a file can't be used
 */
export function openLogin(access: ClusterAccess): ClusterLogin {
  const { login, called } = access
  const { tokenFile } = login
  const tls = followFiles(() => readTls(access))
  const token = tokenFile === undefined ? () => login.token : followFiles(() => readToken(tokenFile))
  const plugin = login.plugin && createExecLogin(login.plugin, called)
  return {
    async current() {
      if (!plugin) return { tls: tls(), token: token() }
      const issued = await plugin.current()
      return { tls: { ca: tls().ca, cert: issued.cert, key: issued.key }, token: issued.token }
    },
    refused() {
      plugin?.refused()
    },
  }
}
