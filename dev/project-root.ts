import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The folder of package.json, without a trailing slash. */
export const projectRoot = dirname(dirname(fileURLToPath(import.meta.url)))

/** Starts one of our processes as in production; its name is the first argument. */
export const launcher = `${projectRoot}/bin/spaceport`
