import { parseArgs } from 'node:util'

export type StartOptions = {
  dev: boolean
  fresh: boolean
  help: boolean
  portOffset: number
  kubeconfig: string | undefined
  context: string | undefined
  stateDir: string | undefined
}

/**
 * @param args the arguments after the program's name
 * @param environment for SPACEPORT_PORT_OFFSET
 * @throws Error that names the wrong option and the problem
 */
export function parseOptions(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): StartOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      dev: { type: 'boolean', default: false },
      fresh: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false, short: 'h' },
      kubeconfig: { type: 'string' },
      context: { type: 'string' },
      'port-offset': { type: 'string' },
      'state-dir': { type: 'string' },
    },
  })
  if (values.context !== undefined && values.kubeconfig === undefined) {
    throw new Error('--context names a context of a kubeconfig: say which one with --kubeconfig FILE.')
  }
  const offset = values['port-offset'] ?? environment.SPACEPORT_PORT_OFFSET ?? '0'
  // The highest of our ports is 54329.
  if (!/^\d{1,5}$/.test(offset) || Number(offset) > 11_000) {
    throw new Error(`--port-offset must be a number from 0 to 11000, not "${offset}".`)
  }
  return {
    dev: values.dev,
    fresh: values.fresh,
    help: values.help,
    portOffset: Number(offset),
    kubeconfig: values.kubeconfig,
    context: values.context,
    stateDir: values['state-dir'],
  }
}
