/** @returns an issuer's URL without trailing slashes: providers and operators write it either way and mean the same */
export const bareIssuer = (issuer: string): string => issuer.replace(/\/+$/, '')
