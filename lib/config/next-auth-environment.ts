/**
 * next-auth takes its own address from the environment, and from the request's Host header where it finds none there or
 * is told to trust it. It is told ours, and never to trust a header.
 * @param origin SPACEPORT_URL
 */
export function presetNextAuthEnvironment(origin: string): void {
  process.env.NEXTAUTH_URL = origin
  delete process.env.AUTH_TRUST_HOST
  delete process.env.VERCEL
}
