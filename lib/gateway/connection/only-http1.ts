/**
 * HTTP/1.1 and nothing else, as ALPN wants it (RFC 7301, section 3.1), towards clients and API servers alike.
 *
 * Node copies this for every connection. It would place the copy of a Uint8Array in the 64 kB that small buffers share,
 * and nine bytes would then hold on to all of them for as long as the connection lasts: weeks, for a watch. The copy of
 * any other view has its own memory.
 */
const name = Buffer.from('http/1.1')

export const onlyHttp1 = new DataView(Uint8Array.of(name.length, ...name).buffer)
