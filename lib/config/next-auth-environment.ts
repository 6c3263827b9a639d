/**
 * next-auth takes its own address from the environment, or from the request's Host header if the environment has none
 * or trusts the header. So set the address, and never let it trust a header.
 * @param origin SPACEPORT_URL
 */
export function presetNextAuthEnvironment(origin: string): void {
  process.env.NEXTAUTH_URL = origin
  delete process.env.AUTH_TRUST_HOST
  delete process.env.VERCEL
}
