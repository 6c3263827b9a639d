/**
 * The answer of `kubectl port-forward` in a development pod: one HTTP response on standard output, whatever the
 * request. Plain JavaScript without imports, because it is started for every connection.
 */
const body = 'This pod runs on a development node: nothing listens in it, but the port is forwarded.\n'
process.stdin.once('data', () => {
  process.stdout.write(
    `HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`,
    () => process.exit(0),
  )
})
process.stdin.once('end', () => process.exit(0))
