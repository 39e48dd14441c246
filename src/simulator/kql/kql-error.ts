/** What Log Analytics answers to a query that it cannot run: the body of a 400. */
export type QueryFault = {
  code: 'BadArgumentError';
  message: 'The request had some invalid properties';
  innererror: {
    code: 'SyntaxError' | 'SemanticError';
    message: string;
    innererror: { code: string; message: string; line?: number; pos?: number; token?: string };
  };
};

export class KqlError extends Error {
  override readonly name = 'KqlError';
  /** Goes under `error` in the answer. */
  readonly fault: QueryFault;

  constructor(fault: QueryFault) {
    super(fault.innererror.innererror.message);
    this.fault = fault;
  }
}

/** `line` counts from 1, `pos` from 0: where the token begins that could not be read. */
export function syntaxError(token: string, line: number, pos: number): KqlError {
  return badArgument({
    code: 'SyntaxError',
    message: 'A recognition error occurred in the query.',
    innererror: {
      code: 'SYN0002',
      message: `Query could not be parsed at '${token}' on line [${line},${pos}]`,
      line,
      pos,
      token,
    },
  });
}

export function semanticError(code: string, message: string): KqlError {
  return badArgument({
    code: 'SemanticError',
    message: 'A semantic error occurred.',
    innererror: { code, message },
  });
}

/** The query is right, and the service would run it: we cannot, and answer nothing rather than something wrong. */
export function lacking(what: string): KqlError {
  return semanticError('SEM0001', `${what}: the simulator does not evaluate this`);
}

function badArgument(innererror: QueryFault['innererror']): KqlError {
  return new KqlError({ code: 'BadArgumentError', message: 'The request had some invalid properties', innererror });
}
