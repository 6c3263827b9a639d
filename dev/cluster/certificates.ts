import 'reflect-metadata'
import { createPrivateKey, createPublicKey, generateKeyPairSync, randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises'
import { isIP } from 'node:net'
import { join } from 'node:path'
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509'

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const
const day = 24 * 3600 * 1000

/** Paths of PEM files. */
export type CertificateFiles = { certFile: string; keyFile: string }

/** A certificate's subject and purpose. */
export type CertificateRequest = {
  commonName: string
  /** Kubernetes reads a client's groups from here. */
  organization?: string
  /** DNS names and IP addresses; empty for a client's certificate. */
  hosts?: readonly string[]
  usages: readonly ('server' | 'client')[]
}

/** A certificate authority for this machine alone. Its key never leaves its folder. */
export type Authority = {
  caFile: string
  /** Issues a certificate in the authority's folder, or keeps the one there while it is valid for another 30 days. */
  issue(name: string, request: CertificateRequest): Promise<CertificateFiles>
}

/**
 * Opens the certificate authority in a folder; creates it when there is none, or when it expires within 60 days.
 * @param dir created with mode 0700; key files in it have mode 0600
 */
export async function openAuthority(dir: string, commonName: string): Promise<Authority> {
  await mkdir(dir, { recursive: true, mode: 0o700 })
  await chmod(dir, 0o700)
  const caFile = join(dir, 'ca.crt')
  const keyFile = join(dir, 'ca.key')
  if (!(await isGood(caFile, keyFile, 60 * day))) await makeAuthority(caFile, keyFile, commonName)
  const certificate = new X509Certificate(await readFile(caFile, 'utf8'))
  const signingKey = await importPrivateKey(await readFile(keyFile, 'utf8'))
  return {
    caFile,
    async issue(name, request) {
      const files = { certFile: join(dir, `${name}.crt`), keyFile: join(dir, `${name}.key`) }
      const good = await isGood(files.certFile, files.keyFile, 30 * day, certificate)
      if (!good) await issueCertificate(files, request, { certificate, signingKey })
      return files
    },
  }
}

async function isGood(certFile: string, keyFile: string, validFor: number, issuer?: X509Certificate) {
  if (!existsSync(certFile) || !existsSync(keyFile)) return false
  const certificate = new X509Certificate(await readFile(certFile, 'utf8'))
  if (certificate.notAfter.getTime() < Date.now() + validFor) return false
  return !issuer || (await certificate.verify({ publicKey: issuer, signatureOnly: true }))
}

async function makeAuthority(caFile: string, keyFile: string, commonName: string): Promise<void> {
  const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
  const certificate = await X509CertificateGenerator.createSelfSigned({
    serialNumber: randomSerial(),
    name: [{ CN: [commonName] }],
    notBefore: new Date(Date.now() - 60_000),
    notAfter: new Date(Date.now() + 3650 * day),
    signingAlgorithm: algorithm,
    keys,
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  })
  await writeKey(keyFile, keys.privateKey)
  await writeFile(caFile, `${certificate.toString('pem')}\n`, { mode: 0o644 })
}

async function issueCertificate(
  files: CertificateFiles,
  request: CertificateRequest,
  issuer: { certificate: X509Certificate; signingKey: CryptoKey },
): Promise<void> {
  const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
  const hosts = request.hosts ?? []
  const certificate = await X509CertificateGenerator.create({
    serialNumber: randomSerial(),
    subject: [{ CN: [request.commonName] }, ...(request.organization ? [{ O: [request.organization] }] : [])],
    issuer: issuer.certificate.subject,
    notBefore: new Date(Date.now() - 60_000),
    // Clients such as Safari refuse server certificates that are valid for longer than 825 days.
    notAfter: new Date(Date.now() + 397 * day),
    signingAlgorithm: algorithm,
    publicKey: keys.publicKey,
    signingKey: issuer.signingKey,
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      new ExtendedKeyUsageExtension(
        request.usages.map((usage) => (usage === 'server' ? ExtendedKeyUsage.serverAuth : ExtendedKeyUsage.clientAuth)),
      ),
      await AuthorityKeyIdentifierExtension.create(issuer.certificate),
      ...(hosts.length > 0
        ? [
            new SubjectAlternativeNameExtension(
              hosts.map((value) => ({ type: isIP(value) ? ('ip' as const) : ('dns' as const), value })),
            ),
          ]
        : []),
    ],
  })
  await writeKey(files.keyFile, keys.privateKey)
  await writeFile(files.certFile, `${certificate.toString('pem')}\n`, { mode: 0o644 })
}

/**
 * Creates the key pair that signs ServiceAccount tokens if it is missing.
 * @returns paths of the PEM files of the private and the public key
 */
export async function openSigningKey(dir: string): Promise<{ privateFile: string; publicFile: string }> {
  const privateFile = join(dir, 'service-accounts.key')
  const publicFile = join(dir, 'service-accounts.pub')
  if (!existsSync(privateFile)) {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    await writeFile(privateFile, privateKey.export({ type: 'sec1', format: 'pem' }), { mode: 0o600 })
  }
  const publicKey = createPublicKey(createPrivateKey(await readFile(privateFile, 'utf8')))
  await writeFile(publicFile, publicKey.export({ type: 'spki', format: 'pem' }), { mode: 0o644 })
  return { privateFile, publicFile }
}

// RFC 5280, 4.1.2.2: positive, at most 20 octets.
const randomSerial = () => `01${randomBytes(15).toString('hex')}`

async function writeKey(path: string, key: CryptoKey): Promise<void> {
  const der = await crypto.subtle.exportKey('pkcs8', key)
  await writeFile(path, `${PemConverter.encode(der, 'PRIVATE KEY')}\n`, { mode: 0o600 })
}

async function importPrivateKey(pem: string): Promise<CryptoKey> {
  const der = PemConverter.decodeFirst(pem)
  return await crypto.subtle.importKey('pkcs8', der, algorithm, false, ['sign'])
}
