const factors: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
}

/**
 * Parses a Kubernetes quantity: `500m`, `1.5Gi`, `12e6`
 * (https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/).
 * @returns the number in base units (cores, bytes, objects), with double precision; undefined if it isn't a quantity
 */
export function parseQuantity(text: string): number | undefined {
  const match = /^([+-]?(?:\d+\.?\d*|\.\d+))(?:[eE]([+-]?\d+)|(Ki|Mi|Gi|Ti|Pi|Ei|[numkMGTPE]))?$/.exec(text)
  if (!match) return undefined
  const [, digits = '', exponent, suffix = ''] = match
  const number = Number(digits)
  return exponent === undefined ? number * (factors[suffix] ?? 1) : number * 10 ** Number(exponent)
}
