/**
 * @param host as in a URL, with or without the brackets of an IPv6 address
 * @returns whether it is this machine: `localhost` and names below it (RFC 6761, section 6.3), 127.0.0.0/8, ::1
 */
export const isLoopback = (host: string): boolean =>
  /^(localhost|.+\.localhost|127(\.\d{1,3}){3}|::1|\[::1\])$/.test(host)
