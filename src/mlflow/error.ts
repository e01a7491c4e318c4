/** Error codes of MLflow's REST API, with their HTTP status. */
const statuses = {
  RESOURCE_DOES_NOT_EXIST: 404,
  ENDPOINT_NOT_FOUND: 404,
  RESOURCE_ALREADY_EXISTS: 400,
  INVALID_PARAMETER_VALUE: 400,
  BAD_REQUEST: 400,
  PERMISSION_DENIED: 403,
  INTERNAL_ERROR: 500,
} as const

/** An error in the form MLflow clients understand: `{"error_code": …, "message": …}`. */
export class MlflowError extends Error {
  readonly errorCode: keyof typeof statuses

  constructor(errorCode: keyof typeof statuses, message: string) {
    super(message)
    this.errorCode = errorCode
  }

  get status(): number {
    return statuses[this.errorCode]
  }

  get body(): string {
    return JSON.stringify({ error_code: this.errorCode, message: this.message })
  }
}

export function missingResource(what: string): MlflowError {
  return new MlflowError('RESOURCE_DOES_NOT_EXIST', `${what} not found`)
}
