/**
 * Offers only HTTP/1.1 by ALPN (RFC 7301, section 3.1). Node copies this for every connection. The copy of a Uint8Array
 * would be nine bytes in a shared 64 kB block of small buffers, and keep the block alive as long as the connection:
 * weeks, for a watch. The copy of any other view has its own memory.
 */
const name = Buffer.from('http/1.1')

export const onlyHttp1 = new DataView(Uint8Array.of(name.length, ...name).buffer)
