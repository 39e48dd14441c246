import * as columns from './flow-columns.ts';
import { kql, whereAny } from './kql-text.ts';
import { namespace } from './parameters.ts';
import type { SavedQuery } from './saved-query.ts';

export const httpAnswers: SavedQuery = {
  id: 'http-answers',
  title: 'HTTP answers by server',
  why: 'How many calls each server answers, and what part of them with an error. HTTP is only seen where a policy has HTTP rules.',
  reads: ['flows'],
  parameters: [namespace],
  timespan: 'PT15M',
  canFollow: false,
  text: ({ tables, parameters }) =>
    kql(
      tables.flows ?? '',
      '| extend Http = coalesce(Layer7.http, Layer7.HTTP, Layer7.Http)',
      '| extend Code = toint(coalesce(Http.code, Http.Code))',
      '| where Code > 0',
      whereAny(['SourceNamespace', 'DestinationNamespace'], parameters['namespace']),
      columns.flows,
      columns.ends,
      // What has a code is the answer, which goes from the server to the client.
      '| extend Client = iff(Reply == true, Destination, Source), Server = iff(Reply == true, Source, Destination)',
      '| summarize Calls = sum(Flows), Failed = sumif(Flows, Code >= 500), Forbidden = sumif(Flows, Code == 403),',
      '    Worst = max(Code), Clients = dcount(Client), Last = max(TimeGenerated) by Server',
      '| top 200 by Failed',
    ),
};
