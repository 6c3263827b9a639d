/**
 * The subprotocol of the API server's streams: each message starts with a byte for its channel (k8s.io/apimachinery,
 * remotecommand).
 */
export const shellProtocol = 'v5.channel.k8s.io'

export const shellChannels = { stdin: 0, stdout: 1, stderr: 2, error: 3, resize: 4 } as const

/** Runs in the container: the best available shell. */
export const shellCommand = ['/bin/sh', '-c', 'test -x /bin/bash && exec /bin/bash; exec /bin/sh'] as const

/** The code with which the portal closes a connection without a shell; the reason says why. */
export const shellRefusedCode = 4403
