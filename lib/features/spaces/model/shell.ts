/** The subprotocol of the API server's streams: a byte for the channel before each message (k8s.io/apimachinery, remotecommand). */
export const shellProtocol = 'v5.channel.k8s.io'

export const shellChannels = { stdin: 0, stdout: 1, stderr: 2, error: 3, resize: 4 } as const

/** Runs in the container: the best shell that is there. */
export const shellCommand = ['/bin/sh', '-c', 'test -x /bin/bash && exec /bin/bash; exec /bin/sh'] as const

/** With this the portal closes a connection on which there is no shell: its reason says why. */
export const shellRefusedCode = 4403
