import { join } from 'node:path'
import { projectRoot } from '#dev/project-root.ts'

/** Of the three processes: what each image is called and runs. */
export const imageNames = ['web', 'gateway', 'worker'] as const
export type ImageName = (typeof imageNames)[number]

/** Programs of an image that run from their sources. The portal comes from its build. */
export const entries: Readonly<Record<Exclude<ImageName, 'web'>, readonly string[]>> = {
  gateway: ['lib/gateway/main.ts'],
  worker: [
    'lib/worker/main.ts',
    // Operators' commands, which need what the worker needs.
    'prisma/migrate.ts',
    'lib/broker/recovery/admin-command.ts',
    'lib/broker/provisioning/token-command.ts',
    'lib/auth/break-glass.ts',
    'lib/auth/identity-command.ts',
    'lib/cluster-audit/command.ts',
    'lib/audit/audit-verify.ts',
    'lib/audit/operator/archive-trail-command.ts',
    'lib/audit/operator/pseudonymise-person-command.ts',
  ],
}

export const containerfile = join(projectRoot, 'deploy', 'image', 'Containerfile')

/** Where Spaceport is in its images. */
export const appDir = 'app'
