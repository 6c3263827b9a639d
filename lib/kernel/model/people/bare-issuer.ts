/** @returns an issuer's URL without trailing slashes, which providers and operators use interchangeably */
export const bareIssuer = (issuer: string): string => issuer.replace(/\/+$/, '')
