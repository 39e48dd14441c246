import * as columns from './flow-columns.ts';
import { kql, whereAny } from './kql-text.ts';
import { namespace } from './parameters.ts';
import type { SavedQuery } from './saved-query.ts';

export const httpErrors: SavedQuery = {
  id: 'http-errors',
  title: 'HTTP errors',
  why: 'Which calls are answered with 4xx and 5xx. HTTP is only seen where a policy has HTTP rules.',
  reads: ['flows'],
  parameters: [namespace],
  timespan: 'PT1H',
  canFollow: false,
  text: ({ tables, parameters }) =>
    kql(
      tables.flows ?? '',
      '| extend Http = coalesce(Layer7.http, Layer7.HTTP, Layer7.Http)',
      '| extend Code = toint(coalesce(Http.code, Http.Code))',
      '| where Code >= 400',
      whereAny(['SourceNamespace', 'DestinationNamespace'], parameters['namespace']),
      '| extend Method = coalesce(tostring(Http.method), tostring(Http.Method))',
      columns.flows,
      columns.ends,
      // An error is seen on the answer, which goes from the server to the client.
      '| extend Client = iff(Reply == true, Destination, Source), Server = iff(Reply == true, Source, Destination)',
      '| summarize Flows = sum(Flows), First = min(TimeGenerated), Last = max(TimeGenerated) by Code, Method, Client, Server',
      '| top 200 by Flows',
    ),
};
