import { notUsable } from '#lib/config/environment.ts'
import type { ExecPlugin } from './kubeconfig-schema.ts'
import { areOnePair, isCertificate, type Pem, readPem } from './pem.ts'

export type ClusterAccess = {
  /** Spaceport's name for the cluster. */
  name: string
  /** Without a trailing slash. Https, or plain HTTP to this machine. */
  server: string
  /** The name that the server's certificate must have, if not the URL's. */
  serverName: string | undefined
  proxyUrl: string | undefined
  /** Undefined: the authorities that Node trusts. */
  authority: Pem | undefined
  login: Login
  /** The names in the kubeconfig, for messages. */
  called: { path: string; cluster: string; user: string }
}

/** At least one field is defined; a plugin excludes the others. */
export type Login = {
  token: string | undefined
  /** An absolute path. Takes precedence over `token`. */
  tokenFile: string | undefined
  certificate: { certificate: Pem; key: Pem } | undefined
  plugin: ExecPlugin | undefined
}

export type TlsTexts = { ca: string | undefined; cert: string | undefined; key: string | undefined }

/**
 * Reads files where needed.
 * @throws ConfigurationError when a file can't be read, or its text is unusable
 */
export function readTls({ authority, login, called }: ClusterAccess): TlsTexts {
  const ca = readPem(authority)
  // Node would trust every public authority instead of an empty one.
  if (ca !== undefined && !isCertificate(ca))
    throw notUsable('KUBECONFIG', `${called.path}: the authority of cluster “${called.cluster}” is not a certificate`)
  const cert = readPem(login.certificate?.certificate)
  const key = readPem(login.certificate?.key)
  if (cert !== undefined && key !== undefined && !areOnePair(cert, key))
    throw notUsable(
      'KUBECONFIG',
      `${called.path}: the client certificate and key of user “${called.user}” can’t be used`,
    )
  return { ca, cert, key }
}
