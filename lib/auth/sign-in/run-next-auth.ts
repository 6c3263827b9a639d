import type { IncomingHttpHeaders } from 'node:http'
import type { NextApiRequest, NextApiResponse } from 'next'
import NextAuth, { type AuthOptions } from 'next-auth'

type NextAuthCall = {
  action: readonly ['signin' | 'callback', string]
  method: 'GET' | 'POST'
  query: Readonly<Record<string, string>>
  body: Readonly<Record<string, string>>
  cookies: Readonly<Record<string, string>>
}

/**
 * Calls next-auth with exactly what it should see. By default, it copies every query parameter into the authorization
 * request (scope and redirect_uri included), and takes errors and callback URLs from anywhere.
 */
export async function runNextAuth(options: AuthOptions, call: NextAuthCall): Promise<Response> {
  const headers = new Headers()
  let status = 200
  let answer: BodyInit | null = null
  // The few members of Node's request and response that next-auth's handler uses.
  const request = {
    method: call.method,
    query: { ...call.query, nextauth: [...call.action] },
    body: call.body,
    cookies: call.cookies,
    headers: {} satisfies IncomingHttpHeaders,
  }
  const response = {
    status(code: number) {
      status = code
      return response
    },
    getHeader: () => [],
    setHeader(name: string, value: string | string[]) {
      for (const one of [value].flat()) {
        if (name.toLowerCase() === 'set-cookie') headers.append(name, one)
        else headers.set(name, one)
      }
      return response
    },
    send(body: unknown) {
      answer = typeof body === 'string' ? body : JSON.stringify(body ?? {})
    },
    json(body: unknown) {
      answer = JSON.stringify(body)
    },
    end() {},
  }
  await NextAuth(request as unknown as NextApiRequest, response as unknown as NextApiResponse, options)
  return new Response(answer, { status, headers })
}
