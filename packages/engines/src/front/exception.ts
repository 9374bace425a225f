/** An answer other than 200, in ClickHouse's words. */
export class HttpException extends Error {
  readonly status: number;
  readonly exceptionCode: number;

  constructor(status: number, exceptionCode: number, what: string, name: string) {
    super(`Code: ${exceptionCode}. DB::Exception: ${what} (${name})`);
    this.status = status;
    this.exceptionCode = exceptionCode;
  }
}

/** HTTP statuses by ClickHouse's error code, as its own server answers. */
const STATUSES: Readonly<Record<number, number>> = {
  27: 400, // CANNOT_PARSE_INPUT_ASSERTION_FAILED
  60: 404, // UNKNOWN_TABLE
  62: 400, // SYNTAX_ERROR
  81: 404, // UNKNOWN_DATABASE
  115: 404, // UNKNOWN_SETTING
  117: 400, // INCORRECT_DATA
  159: 408, // TIMEOUT_EXCEEDED
  202: 503, // TOO_MANY_SIMULTANEOUS_QUERIES
  456: 400, // UNKNOWN_QUERY_PARAMETER
  457: 400, // BAD_QUERY_PARAMETER
  497: 403, // ACCESS_DENIED
  516: 403, // AUTHENTICATION_FAILED
};

/** Any thrown value as status, code and ClickHouse's sentence. */
export function exceptionOf(error: unknown): { status: number; code: number; message: string } {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof HttpException) return { status: error.status, code: error.exceptionCode, message };
  const code = Number(/Code: (\d+)/.exec(message)?.[1] ?? 1001);
  return { status: STATUSES[code] ?? 500, code, message };
}
