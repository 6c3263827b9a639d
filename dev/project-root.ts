import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The folder of package.json, without a slash at the end. */
export const projectRoot = dirname(dirname(fileURLToPath(import.meta.url)))

/** Starts one of our processes as in production; names it as its first argument. */
export const launcher = `${projectRoot}/bin/spaceport`
