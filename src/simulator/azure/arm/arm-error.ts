import { answerError } from '../answers.ts';
import type { AzureAnswer } from '../route.ts';

/** Thrown wherever ARM refuses; becomes its answer. */
export class ArmError extends Error {
  readonly status: number;
  readonly code: string;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, code: string, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.headers = headers;
  }

  get answer(): AzureAnswer {
    return answerError(this.status, this.code, this.message, { headers: this.headers });
  }
}
