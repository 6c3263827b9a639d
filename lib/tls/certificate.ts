/**
 * A server's own certificate, which is replaced at run time (cert-manager and similar tools write a new one weeks
 * before the old one expires). A server must never be without one: unusable files are ignored, and the certificate in
 * use stays.
 */
import { createPrivateKey, X509Certificate } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { createSecureContext } from 'node:tls'
import { notUsable, type VariableName } from '#lib/config/environment.ts'
import { readConfiguredFile } from '#lib/config/read-configured-file.ts'
import type { Logger } from '#lib/observability/logger.ts'

/** A matching chain and key, PEM. */
export type Certificate = { cert: string; key: string; endsAt: Date }
export type CertificatePaths = { cert: string; key: string }

/**
 * Not based on file system events: Kubernetes swaps a symbolic link two folders up, and some file systems send no
 * events. Reading two small files is cheap.
 */
const pollMs = 2_000

/** @throws Error unless both are valid and match */
function parseCertificate(cert: string, key: string): Certificate {
  const leaf = new X509Certificate(cert)
  if (!leaf.checkPrivateKey(createPrivateKey(key))) throw new Error('the key does not match the certificate')
  // Nothing else checks the rest of the chain.
  createSecureContext({ cert, key })
  return { cert, key, endsAt: leaf.validToDate }
}

/**
 * @param names the variables that name the files
 * @throws ConfigurationError when the files can't be used
 */
export function openCertificate(
  paths: CertificatePaths,
  names: Readonly<Record<keyof CertificatePaths, VariableName>>,
): Certificate {
  const cert = readConfiguredFile(names.cert, paths.cert)
  const key = readConfiguredFile(names.key, paths.key)
  try {
    return parseCertificate(cert, key)
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw notUsable(names.cert, `${paths.cert} and ${paths.key} do not contain a certificate and its key (${why})`)
  }
}

type Options = {
  paths: CertificatePaths
  current: Certificate
  /** Called with each new certificate. */
  use: (certificate: Certificate) => void
  log: Logger
}

/** Checks every two seconds for another certificate in the files, until closed. */
export function followCertificate({ paths, current, use, log }: Options): { close(): void } {
  let used = current
  let refused = ''
  let closed = false
  let timer: NodeJS.Timeout

  async function check(): Promise<void> {
    let seen = ''
    try {
      const [cert, key] = await Promise.all([readFile(paths.cert, 'utf8'), readFile(paths.key, 'utf8')])
      seen = `${cert}\n${key}`
      if (closed || seen === refused) return
      refused = ''
      if (cert === used.cert && key === used.key) return
      const certificate = parseCertificate(cert, key)
      use(certificate)
      used = certificate
      log.info({ endsAt: certificate.endsAt }, 'a new certificate is in use')
    } catch (error) {
      // Once per state of the files, not on every check.
      const state = seen || String(error)
      if (state !== refused)
        log.warn({ error, endsAt: used.endsAt }, 'the certificate’s files can’t be used; the previous one stays in use')
      refused = state
    }
  }
  const schedule = () => {
    timer = setTimeout(() => void check().finally(() => closed || schedule()), pollMs)
    timer.unref()
  }
  schedule()
  return {
    close() {
      closed = true
      clearTimeout(timer)
    },
  }
}
