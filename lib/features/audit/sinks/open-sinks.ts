import { X509Certificate } from 'node:crypto'
import { followConfiguredFile } from '#lib/config/read-configured-file.ts'
import { openTrailSyslog } from './open-trail-syslog.ts'
import { openTrailWebhook } from './open-trail-webhook.ts'
import type { TrailSink } from './trail-sink.ts'

type SinksConfig = {
  SPACEPORT_URL: string
  SPACEPORT_TRAIL_WEBHOOK_URL: string
  SPACEPORT_TRAIL_WEBHOOK_TOKEN: string
  SPACEPORT_TRAIL_WEBHOOK_SECRET: string
  SPACEPORT_TRAIL_WEBHOOK_CA: string
  SPACEPORT_TRAIL_SYSLOG_URL: string
  SPACEPORT_TRAIL_SYSLOG_CA: string
  SPACEPORT_TRAIL_SYSLOG_CERT: string
  SPACEPORT_TRAIL_SYSLOG_KEY: string
}

/**
 * @param onProblem called when the webhook's CA can no longer be read; the previous one stays in use
 * @returns the sinks that the operator has configured
 * @throws ConfigurationError when the webhook's CA is unusable
 */
export function openSinks(config: SinksConfig, onProblem: (error: unknown) => void): TrailSink[] {
  const sinks: TrailSink[] = []
  const { SPACEPORT_TRAIL_WEBHOOK_CA: ca } = config
  if (config.SPACEPORT_TRAIL_WEBHOOK_URL !== '')
    sinks.push(
      openTrailWebhook({
        url: config.SPACEPORT_TRAIL_WEBHOOK_URL,
        token: config.SPACEPORT_TRAIL_WEBHOOK_TOKEN,
        secret: config.SPACEPORT_TRAIL_WEBHOOK_SECRET,
        readCa:
          ca === ''
            ? undefined
            : followConfiguredFile(
                'SPACEPORT_TRAIL_WEBHOOK_CA',
                ca,
                (text) => void new X509Certificate(text),
                onProblem,
              ),
      }),
    )
  if (config.SPACEPORT_TRAIL_SYSLOG_URL !== '')
    sinks.push(
      openTrailSyslog({
        url: config.SPACEPORT_TRAIL_SYSLOG_URL,
        caFile: config.SPACEPORT_TRAIL_SYSLOG_CA,
        certFile: config.SPACEPORT_TRAIL_SYSLOG_CERT,
        keyFile: config.SPACEPORT_TRAIL_SYSLOG_KEY,
        hostname: new URL(config.SPACEPORT_URL).hostname,
      }),
    )
  return sinks
}
