/** @returns an issuer's URL without slashes at its end: providers and operators write it with one or without, and mean the same */
export const bareIssuer = (issuer: string): string => issuer.replace(/\/+$/, '')
