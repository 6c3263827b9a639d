import { answerScim } from '#lib/features/scim/http/scim-route.ts'

type Context = { params: Promise<{ path?: string[] }> }

const handle = async (request: Request, { params }: Context) => answerScim(request, (await params).path ?? [])

export { handle as DELETE, handle as GET, handle as PATCH, handle as POST, handle as PUT }

export const dynamic = 'force-dynamic'
