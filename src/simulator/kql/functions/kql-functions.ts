import { addressFunctions } from './addresses.ts';
import { choiceFunctions } from './choices.ts';
import { conversionFunctions } from './conversions.ts';
import { datetimeFunctions } from './datetimes.ts';
import { dynamicFunctions } from './dynamics.ts';
import { encodingFunctions } from './encodings.ts';
import type { KqlFunction } from './kql-function.ts';
import { numberFunctions } from './numbers.ts';
import { textFunctions } from './texts.ts';

/** The functions that are evaluated here; every other is refused by name. */
export const kqlFunctions: Readonly<Record<string, KqlFunction>> = {
  ...choiceFunctions,
  ...conversionFunctions,
  ...textFunctions,
  ...numberFunctions,
  ...datetimeFunctions,
  ...dynamicFunctions,
  ...encodingFunctions,
  ...addressFunctions,
};
