import * as columns from './flow-columns.ts';
import { kql, whereAny } from './kql-text.ts';
import { namespace } from './parameters.ts';
import type { SavedQuery } from './saved-query.ts';

export const dnsFailures: SavedQuery = {
  id: 'dns-failures',
  title: 'DNS failures',
  why: 'Which names fail for whom. DNS is only seen of pods that a policy with DNS rules is about.',
  reads: ['flows'],
  parameters: [namespace],
  timespan: 'PT1H',
  canFollow: false,
  text: ({ tables, parameters }) =>
    kql(
      tables.flows ?? '',
      '| extend Dns = coalesce(Layer7.dns, Layer7.DNS, Layer7.Dns)',
      '| where isnotempty(tostring(Dns))',
      '| extend Code = toupper(coalesce(tostring(Dns.rcode), tostring(Dns.Rcode), tostring(Dns.RCode)))',
      // Hubble leaves the code of a question out; 0 and NOERROR are answers that are well.
      '| where Code !in ("", "0", "NOERROR", "NO ERROR")',
      '| extend Code = case(Code == "1", "FORMERR", Code == "2", "SERVFAIL", Code == "3", "NXDOMAIN", Code == "5", "REFUSED", Code)',
      whereAny(['SourceNamespace', 'DestinationNamespace'], parameters['namespace']),
      '| extend Name = coalesce(tostring(Dns.query), tostring(Dns.Query))',
      columns.flows,
      columns.ends,
      // What fails is the answer, which comes from the DNS server: the one who asked is its destination.
      '| extend Asker = iff(Reply == true, Destination, Source)',
      '| summarize Flows = sum(Flows), First = min(TimeGenerated), Last = max(TimeGenerated) by Asker, Code, Name',
      '| top 200 by Flows',
    ),
};
