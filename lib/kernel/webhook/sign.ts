import { createHmac } from 'node:crypto'

const prefix = 'whsec_'
const secretBytes = 32

/** @returns a new secret in the format of Standard Webhooks 1.0.0 ("Signature scheme") */
export const newSecret = (randomBytes: (size: number) => Uint8Array): string =>
  prefix + Buffer.from(randomBytes(secretBytes)).toString('base64')

type MessageToSign = {
  secret: string
  /** The same for each attempt to send a message. */
  id: string
  at: Date
  body: string
}

/** @returns the headers that let the receiver verify a message (Standard Webhooks 1.0.0, "Webhook headers") */
export function signatureHeaders({ secret, id, at, body }: MessageToSign): Record<string, string> {
  const timestamp = String(Math.floor(at.getTime() / 1000))
  const key = Buffer.from(secret.slice(prefix.length), 'base64')
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` }
}
