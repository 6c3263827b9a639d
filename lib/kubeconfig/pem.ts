import { createPrivateKey, X509Certificate } from 'node:crypto'
import { resolve } from 'node:path'
import { readConfiguredFile } from '#lib/config/read-configured-file.ts'

/** Text in PEM, or the absolute path of its file, which may be replaced at run time. */
export type Pem = { text: string } | { file: string }

/**
 * @param folder the base of the relative path
 * @returns the text takes precedence, as in kubectl
 */
export function pemOf(file: string | undefined, base64: string | undefined, folder: string): Pem | undefined {
  if (base64 !== undefined) return { text: Buffer.from(base64, 'base64').toString('utf8') }
  return file === undefined ? undefined : { file: resolve(folder, file) }
}

/** @throws ConfigurationError when there is no such file, or it can't be read */
export function readPem(pem: Pem | undefined): string | undefined {
  if (pem === undefined) return undefined
  return 'text' in pem ? pem.text : readConfiguredFile('KUBECONFIG', pem.file)
}

export const isCertificate = (text: string): boolean => attempt(() => new X509Certificate(text)) !== undefined

export const areOnePair = (certificate: string, key: string): boolean =>
  attempt(() => new X509Certificate(certificate).checkPrivateKey(createPrivateKey(key))) === true

function attempt<T>(parse: () => T): T | undefined {
  try {
    return parse()
  } catch {
    return undefined
  }
}
